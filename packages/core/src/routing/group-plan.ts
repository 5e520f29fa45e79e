import type { Operation } from '../types/call.ts';
import type { Deployment } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';

/** Whether a deployment's provider can do an operation. */
export type Supports = (deployment: Deployment, operation: Operation) => boolean;

/** What can be said of a group before any call, so that the many calls that ask for nothing special find it ready. */
export class GroupPlan {
  readonly group: ModelGroup;
  /** The deployments that are not blocked. */
  readonly open: readonly Deployment[];
  /** Whether what a deployment is said to lack may matter to a call. */
  readonly isChoosy: boolean;
  readonly hasOrder: boolean;
  /** Whether a deployment takes only so many calls at the same time. */
  readonly hasPlaces: boolean;
  /** A request with no more bytes than this has no more tokens than any deployment reads. */
  readonly smallestWindow: number;
  readonly #supports: Supports;
  readonly #able = new Map<Operation, readonly Deployment[]>();

  constructor(group: ModelGroup, supports: Supports) {
    const { deployments } = group;
    this.group = group;
    this.#supports = supports;
    this.open = group.isBlocked ? [] : deployments.filter(({ isBlocked }) => !isBlocked);
    this.isChoosy = deployments.some(({ capabilities, maxOutputTokens }) => capabilities !== undefined || maxOutputTokens !== undefined);
    this.hasOrder = new Set(deployments.map(({ order = 0 }) => order)).size > 1;
    this.hasPlaces = deployments.some(({ parallelCalls }) => parallelCalls !== undefined);
    this.smallestWindow = Math.min(...deployments.map(({ maxInputTokens = Infinity }) => maxInputTokens));
  }

  /** The deployments whose provider can do this, but for blocked ones. */
  able(operation: Operation): readonly Deployment[] {
    let able = this.#able.get(operation);
    if (!able) this.#able.set(operation, (able = this.open.filter((deployment) => this.#supports(deployment, operation))));
    return able;
  }
}
