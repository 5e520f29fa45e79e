import { GatewayError } from '../errors/gateway-error.ts';

/**
 * Runs part of a mapping over what a provider has sent. A mapping relies on the form that an API promises; where
 * it trips over something else the fault is the provider's.
 */
export function mapSafely<T>(map: () => T): T {
  try {
    return map();
  } catch (cause) {
    if (GatewayError.is(cause)) throw cause;
    throw new GatewayError('upstream_invalid_answer', "The provider's answer does not have the form its API promises", { cause, retryable: true });
  }
}
