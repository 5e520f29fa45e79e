import { type FinishReason, GatewayError } from '@sluice/core';

/**
 * Why an answer ended, in OpenAI's words. Further reasons say that there is no answer.
 * https://docs.cohere.com/v2/reference/chat
 * @throws GatewayError `upstream_error` for those.
 */
export function toFinishReason(reason: string, told: string | undefined): FinishReason {
  switch (reason) {
    case 'COMPLETE':
    case 'STOP_SEQUENCE':
      return 'stop';
    case 'MAX_TOKENS':
      return 'length';
    case 'TOOL_CALL':
      return 'tool_calls';
    case 'ERROR_TOXIC':
      return 'content_filter';
    case 'ERROR_LIMIT':
      throw new GatewayError('context_length_exceeded', told ?? 'The conversation is longer than the model reads');
    case 'TIMEOUT':
      throw new GatewayError('upstream_timeout', told ?? 'The model did not come to an end in time', { retryable: true });
    // The caller left, as far as Cohere knows; and words that it has not had so far.
    default:
      if (!reason.startsWith('ERROR') && reason !== 'USER_CANCEL') return 'stop';
      throw new GatewayError('upstream_error', told ?? `The model ended without an answer: ${reason}`, { retryable: true });
  }
}
