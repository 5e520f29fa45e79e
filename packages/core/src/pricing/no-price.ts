import { GatewayError } from '../errors/gateway-error.ts';

/**
 * The refusal of what cannot be counted against a budget.
 * @param bound What makes the price matter, as the beginning of a sentence.
 */
export function noPrice(bound: string, model: string): GatewayError {
  return new GatewayError('model_unpriced', `${bound}, and nothing says what ${model} costs. Set its \`price\`, or \`budget.unpriced\` to 'allow'`, {
    param: 'model',
  });
}
