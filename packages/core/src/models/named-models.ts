import { GatewayError } from '../errors/gateway-error.ts';
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

/** Whether a name that means nothing by itself is a list of names that do. */
export function isListOfModels(model: string, isKnown: (name: string) => boolean): boolean {
  return model.includes(',') && model.split(',').every((name) => isKnown(name.trim()));
}

/** Such a list, in a request that does not say that the models race, is told how several are asked. */
export function severalNamed(model: string): GatewayError {
  return new GatewayError(
    'invalid_request',
    `'${model}' names several models. Send "fastest_response": true to have the first answer of any of them; for an answer of each, make one call for each.`,
    { param: 'model' },
  );
}
