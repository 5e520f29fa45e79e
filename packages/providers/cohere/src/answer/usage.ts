import type { JsonObject, Usage, WireUsage } from '@sluice/core';
import type { ChatUsage } from '../wire.ts';

/** Usage in OpenAI's form: what the model has read and written. Cohere's own figures stay beside it. */
export function toWireUsage({ tokens, billed_units: billed, cached_tokens: cached }: ChatUsage = {}): WireUsage | undefined {
  const read = tokens ?? billed;
  if (read?.input_tokens === undefined && read?.output_tokens === undefined) return undefined;
  const { input_tokens: input = 0, output_tokens: output = 0 } = read;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cached ? { prompt_tokens_details: { cached_tokens: cached } } : {}),
    ...(tokens?.reasoning_tokens ? { completion_tokens_details: { reasoning_tokens: tokens.reasoning_tokens } } : {}),
    ...(billed && { billed_units: billed }),
  };
}

/**
 * What a chat is charged for. Cohere puts more before a prompt than callers write, and bills only what they wrote:
 * prices are for billed units.
 */
export function billedUsage({ usage }: JsonObject): Usage | undefined {
  const {
    prompt_tokens: read,
    completion_tokens: written,
    billed_units: billed,
  } = (usage ?? {}) as WireUsage & { readonly billed_units?: ChatUsage['billed_units'] };
  const input = billed?.input_tokens ?? read;
  const output = billed?.output_tokens ?? written;
  return input === undefined && output === undefined ? undefined : { inputTokens: input ?? 0, outputTokens: output ?? 0 };
}
