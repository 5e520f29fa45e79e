import type { FinishReason } from '@sluice/core';

/**
 * Why a candidate ended, in OpenAI's words. Calls end with STOP like texts, or in imitations with a word of their own.
 * Every other word than those for an end and for the limit says that something was withheld, or could not be read.
 * Proxies that speak protobuf write numbers. https://ai.google.dev/api/generate-content#FinishReason
 */
export function toFinishReason(reason: string | number, hasCalls: boolean): FinishReason {
  switch (reason) {
    case 'STOP':
    case 1:
    case 'FUNCTION_CALL':
    case 'FINISH_REASON_UNSPECIFIED':
    case 0:
      return hasCalls ? 'tool_calls' : 'stop';
    case 'MAX_TOKENS':
    case 2:
      return 'length';
    default:
      return 'content_filter';
  }
}
