import type { Deployment } from '../../types/model.ts';
import type { GroupCall } from '../routed-call.ts';

/** One rule that keeps calls away from deployments. */
export type Filter = {
  readonly name: string;
  /** `must`: what it removes is never called. `guess`: it is called when nothing else is left, since the provider knows better. */
  readonly weight: 'must' | 'guess';
  /** What speaks against one of the group's deployments, in words; nothing if it may be called. */
  objection(deployment: Deployment, call: GroupCall, group: readonly Deployment[]): string | undefined;
};
