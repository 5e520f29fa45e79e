import type { Context } from '../../pipeline/context.ts';
import type { Reach } from '../../routing/reach.ts';
import type { Deployment } from '../../types/model.ts';
import type { PriorityOptions } from '../../types/priority.ts';
import { type LimitClaim, type LimitOwner, limitClaims } from './limit-claims.ts';

/** A claim that counts what a group is asked for, to know how near it is to its capacity. */
type GroupClaim = LimitClaim & { readonly capacity: number; readonly group: string };

/** How full a group was when it was last asked for, and when that was. */
type Fullness = { readonly share: number; readonly at: number };

const DEFAULT_SHARE = 0.5;
const SATURATION = 0.8;
/** As long as the windows that it was read from. */
const REMEMBERED_MS = 60_000;

/**
 * Shares of what the providers of a group allow a minute, by the priority of whoever calls. While the group has room,
 * everybody may use it; once it is nearly full, nobody goes on beyond their share. How full it is, is known from the
 * last call.
 */
export class PriorityShares {
  readonly #options: PriorityOptions;
  readonly #reach: Reach;
  readonly #fullness = new Map<string, Fullness>();

  constructor(options: PriorityOptions, reach: Reach) {
    this.#options = options;
    this.#reach = reach;
  }

  /** What a call claims of its group, and of its share in it. Nothing where nobody says what the providers allow. */
  claims(ctx: Context, assumedOutputTokens: number): LimitClaim[] {
    const group = this.#reach.targetOf(ctx);
    if (!group) return [];
    const requestsPerMinute = sumOf(group.deployments, 'requestsPerMinute');
    const tokensPerMinute = sumOf(group.deployments, 'tokensPerMinute');
    const priority = this.#priorityOf(ctx);
    const share = this.#options.shares[priority] ?? this.#options.defaultShare ?? DEFAULT_SHARE;
    const isFull = this.#isFull(group.name);
    const owners: readonly LimitOwner[] = [
      { kind: 'group', id: group.name, limits: within(1, requestsPerMinute, tokensPerMinute) },
      { kind: 'priority', id: `${group.name}:${priority}`, limits: within(share, requestsPerMinute, tokensPerMinute) },
    ];
    return limitClaims(ctx, owners, assumedOutputTokens, 0).map((claim) => {
      if (claim.whose === 'group') return { ...claim, limit: Number.MAX_SAFE_INTEGER, isQuiet: true, capacity: claim.limit, group: group.name };
      return isFull ? { ...claim, isQuiet: true } : { ...claim, limit: Number.MAX_SAFE_INTEGER, isQuiet: true };
    });
  }

  /** Notes how full the group of a call is. */
  note(claims: readonly LimitClaim[], totals: readonly number[]): void {
    let share = 0;
    let group: string | undefined;
    claims.forEach((claim, index) => {
      if (!isGroups(claim)) return;
      group = claim.group;
      share = Math.max(share, (totals[index] ?? 0) / claim.capacity);
    });
    if (group !== undefined) this.#fullness.set(group, { share, at: performance.now() });
  }

  #isFull(group: string): boolean {
    const known = this.#fullness.get(group);
    return known !== undefined && performance.now() - known.at < REMEMBERED_MS && known.share >= (this.#options.saturation ?? SATURATION);
  }

  /** Names that no share is set for are one: callers of the host could bring any number. */
  #priorityOf({ principal }: Context): string {
    const named = principal?.metadata?.priority;
    return typeof named === 'string' && Object.hasOwn(this.#options.shares, named) ? named : 'default';
  }
}

function isGroups(claim: LimitClaim): claim is GroupClaim {
  return claim.whose === 'group';
}

function sumOf(deployments: readonly Deployment[], field: 'requestsPerMinute' | 'tokensPerMinute'): number | undefined {
  let sum = 0;
  for (const { [field]: value } of deployments) {
    if (value === undefined) return undefined;
    sum += value;
  }
  return sum;
}

function within(share: number, requestsPerMinute: number | undefined, tokensPerMinute: number | undefined): LimitOwner['limits'] {
  return {
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute: Math.floor(share * requestsPerMinute) }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute: Math.floor(share * tokensPerMinute) }),
  };
}
