import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import { isLocal } from '../pipeline/operations.ts';
import { ownCall } from '../pipeline/own-call.ts';
import type { Operation } from '../types/call.ts';

export type DemandsOptions = {
  /** Fields that every call of a model has to bring, at any depth, such as `metadata.team_id`. */
  readonly enforcedParams?: readonly string[] | undefined;
  /** The only routes there are. Default: all. */
  readonly allowedRoutes?: readonly string[] | undefined;
  /** Routes that only administrators may use. */
  readonly adminRoutes?: readonly string[] | undefined;
  /** Whether a list of routes admits an operation. */
  readonly admits: (routes: readonly string[], operation: Operation) => boolean;
};

/** What the gateway asks of every call, and a key of its own calls, once it is known who makes them. */
export function demands({ enforcedParams = [], allowedRoutes, adminRoutes, admits }: DemandsOptions): (ctx: Context) => void {
  return (ctx) => {
    const { operation, principal, request } = ctx;
    if (ctx.get(ownCall)) return;
    if (principal?.isAdmin !== true) {
      if (allowedRoutes && !admits(allowedRoutes, operation)) throw new GatewayError('route_not_allowed', `This gateway does not offer ${operation}`);
      if (adminRoutes && admits(adminRoutes, operation)) throw new GatewayError('admin_required', 'Only an administrator may do this');
    }
    if (!isLocal(operation)) {
      for (const path of enforcedParams) requireField(request, path);
      for (const path of principal?.enforcedParams ?? NONE) requireField(request, path);
    }
  };
}

const NONE: readonly string[] = [];

function requireField(request: object, path: string): void {
  let value: unknown = request;
  for (const name of path.split('.')) {
    value = typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  }
  if (value !== undefined && value !== null && value !== '') return;
  throw new GatewayError('parameter_required', `'${path}' has to be sent with every call here.`, { param: path });
}
