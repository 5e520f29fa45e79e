import type { Policy, Principal } from '../types/principal.ts';
import { isAllowed } from './wildcard.ts';

/** Who asks, and through which mount point. A `Context` is one. */
export type Access = {
  readonly principal?: Pick<Principal, 'models' | 'modelBounds'> | undefined;
  readonly policy?: Pick<Policy, 'models'> | undefined;
};

/** Whether both the principal and the mount point allow `name`. The one rule for callers, lists and fallbacks alike. */
export function mayUse({ principal, policy }: Access, name: string): boolean {
  return isAllowed(principal?.models, name) && isAllowed(policy?.models, name) && isWithin(principal?.modelBounds, name);
}

function isWithin(bounds: Principal['modelBounds'], name: string): boolean {
  return bounds === undefined || bounds.every((models) => isAllowed(models, name));
}
