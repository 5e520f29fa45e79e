import { GatewayError } from '../errors/gateway-error.ts';

/** What is told while the directory's store cannot be read or written. */
export function directoryAway(cause: unknown): GatewayError {
  return new GatewayError('store_unavailable', 'The directory cannot be reached at the moment', { cause, retryable: true });
}
