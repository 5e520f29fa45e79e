import type { ErrorCode } from '../errors/error-codes.ts';
import type { GatewayError } from '../errors/gateway-error.ts';
import type { FailureClass } from '../types/model-group.ts';

/** What a failed try leaves to hope for: the same deployment again, another deployment, another group only, or nothing. */
export type Hope = 'again' | 'elsewhere' | 'another-group' | 'none';

/** How often to try again: by kind of failure, else in general. */
export type FailureRules = {
  readonly retries: number;
  /** What the caller has asked for, which goes before everything. */
  readonly asked?: number | undefined;
  readonly retriesFor?: Readonly<Partial<Record<FailureClass, number>>> | undefined;
};

const CLASSES: Readonly<Partial<Record<ErrorCode, FailureClass>>> = {
  upstream_bad_request: 'badRequest',
  upstream_not_found: 'badRequest',
  unsupported_parameter: 'badRequest',
  unsupported_operation: 'badRequest',
  context_length_exceeded: 'badRequest',
  upstream_authentication: 'authentication',
  upstream_permission: 'authentication',
  upstream_timeout: 'timeout',
  upstream_rate_limited: 'rateLimit',
  content_policy_violation: 'contentPolicy',
  upstream_error: 'server',
  upstream_overloaded: 'server',
  upstream_unreachable: 'server',
  upstream_stream_broken: 'server',
  upstream_invalid_answer: 'server',
};

/** The deployment is set up wrongly for this call, or its provider cannot do what the call needs. */
const DEPLOYMENTS_OWN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'upstream_authentication',
  'upstream_permission',
  'upstream_not_found',
  'unsupported_operation',
  'unsupported_parameter',
]);

/** Nobody of this group was asked; those of another may be. */
const GROUPS_OWN: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['no_deployment_fits', 'deployments_resting', 'deployments_busy', 'deployments_over_budget']);

/** The kind that a failure is of. */
export function failureClassOf(code: ErrorCode): FailureClass | undefined {
  return CLASSES[code];
}

export function hopeAfter(error: GatewayError, rules?: FailureRules): Hope {
  if (error.retryable) return 'again';
  // Somebody has said in so many words that this is to be tried again.
  const own = CLASSES[error.code];
  if (own !== undefined && (rules?.retriesFor?.[own] ?? 0) > 0) return 'again';
  if (DEPLOYMENTS_OWN.has(error.code)) return 'elsewhere';
  // The deployments of a group are one model; only another one reads more.
  return error.code === 'context_length_exceeded' ? 'another-group' : 'none';
}

/** `own` is what the deployment that has failed says. */
export function retriesAfter({ code }: GatewayError, { asked, retries, retriesFor }: FailureRules, own: number | undefined): number {
  const kind = retriesFor && CLASSES[code];
  return asked ?? own ?? (kind && retriesFor[kind]) ?? retries;
}

/** Whether another group may do better. */
export function mayFallBack(error: GatewayError): boolean {
  return error.code === 'content_policy_violation' || GROUPS_OWN.has(error.code) || hopeAfter(error) !== 'none';
}
