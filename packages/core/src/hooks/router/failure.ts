import type { ErrorCode } from '../../errors/error-codes.ts';
import type { GatewayError } from '../../errors/gateway-error.ts';

/** What a failed try leaves to hope for: the same deployment again, another deployment, another group only, or nothing. */
export type Hope = 'again' | 'elsewhere' | 'another-group' | 'none';

/** The deployment is set up wrongly for this call, or its provider cannot do what the call needs. */
const DEPLOYMENTS_OWN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'upstream_authentication',
  'upstream_permission',
  'upstream_not_found',
  'unsupported_operation',
  'unsupported_parameter',
]);

export function hopeAfter(error: GatewayError): Hope {
  if (error.retryable) return 'again';
  if (DEPLOYMENTS_OWN.has(error.code)) return 'elsewhere';
  // The deployments of a group are one model; only another one reads more.
  return error.code === 'context_length_exceeded' ? 'another-group' : 'none';
}
