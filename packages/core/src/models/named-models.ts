import type { ModelRequest } from '../types/chat.ts';

/** Models that one call may have asked at the same time. More cost more than anybody means to spend. */
export const MOST_RACERS = 8;

/**
 * The models that a request names: one, or with LiteLLM's `fastest_response` several, apart by commas, the first of which
 * to answer wins.
 */
export function namedModels({ model, fastest_response: isRace }: ModelRequest): readonly string[] {
  if (isRace !== true || !model.includes(',')) return [model];
  const names = new Set(model.split(',').map((name) => name.trim()));
  names.delete('');
  // Left as it is, so that everybody who asks for the model of a request means the same name.
  return names.size < 2 ? [model] : [...names];
}
