import type { JsonObject, WireUsage } from '@sluice/core';

/** Tokens read and written. Some versions leave out those of a prompt that they had read before. */
export function usageOf({ prompt_eval_count: input, eval_count: output }: JsonObject): WireUsage | undefined {
  if (typeof input !== 'number' && typeof output !== 'number') return undefined;
  const [prompt, completion] = [input, output].map((count) => (typeof count === 'number' ? count : 0)) as [number, number];
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
