import type { Operation } from '../../types/call.ts';

/**
 * Names of the OpenTelemetry conventions for generative AI, as of semantic conventions 1.45.0. They are still
 * in development and have been renamed before, so they stand here and nowhere else.
 * https://github.com/open-telemetry/semantic-conventions-genai
 */
export const GEN_AI_VERSION = '1.45.0';

export const ATTRIBUTE = {
  operation: 'gen_ai.operation.name',
  requestModel: 'gen_ai.request.model',
  isStream: 'gen_ai.request.stream',
  provider: 'gen_ai.provider.name',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  /** In seconds. */
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  errorType: 'error.type',
  // The conventions have no names for these.
  callId: 'sluice.call.id',
  callStatus: 'sluice.call.status',
  deploymentId: 'sluice.deployment.id',
  costNanoUsd: 'sluice.cost.nano_usd',
} as const;

/** Where the conventions have a value for an operation it is theirs, elsewhere the operation's own name. */
export function operationName(operation: Operation): string {
  switch (operation) {
    case 'chat':
    case 'responses':
      return 'chat';
    case 'completions':
      return 'text_completion';
    default:
      return operation;
  }
}
