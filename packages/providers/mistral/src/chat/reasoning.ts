import type { JsonObject } from '@sluice/core';
import { omit } from '@sluice/openai-wire';

/**
 * How much to think. Newer models know `high` and `none`; those that were made for it think unless their prompt is
 * taken away. https://docs.mistral.ai/capabilities/reasoning
 */
export function toReasoning(request: JsonObject, model: string): JsonObject {
  const { reasoning_effort: effort, thinking } = request;
  if (effort === undefined && thinking === undefined) return request;
  const isWanted = effort === undefined ? isEnabled(thinking) : effort !== 'none' && effort !== 'minimal';
  const rest = omit(request, 'reasoning_effort', 'thinking');
  if (!/magistral/i.test(model)) {
    const known = isWanted ? 'high' : 'none';
    return effort === known && thinking === undefined ? request : { ...rest, reasoning_effort: known };
  }
  return 'prompt_mode' in rest ? rest : { ...rest, prompt_mode: isWanted ? 'reasoning' : null };
}

/** As Anthropic's callers say it. */
function isEnabled(thinking: unknown): boolean {
  return (thinking as JsonObject | undefined)?.type !== 'disabled';
}
