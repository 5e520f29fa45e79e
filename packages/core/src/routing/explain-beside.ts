import type { Context } from '../pipeline/context.ts';
import { formatUsd } from '../pricing/money.ts';
import type { Decision } from '../types/decision.ts';
import type { Deployment } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';
import type { Controls } from './controls.ts';
import type { GroupCall } from './routed-call.ts';
import { isRepeatable } from './is-repeatable.ts';
import type { Routing } from './routing.ts';

export type BesideParts = {
  readonly routing: Routing;
  readonly group: ModelGroup;
  readonly call: GroupCall;
  readonly controls: Controls | undefined;
  /** Who may answer, in the first place those that have not just failed. */
  readonly among: readonly Deployment[];
  readonly chosen: Deployment | undefined;
  /** Whether several are asked from the beginning. */
  readonly isRace: boolean;
};

type Beside = Pick<Decision, 'hedge' | 'mirror' | 'resume'>;

const NOT_REPEATABLE = 'the call does something at its provider, so that it is made once';

/** What is set up to happen beside a call and after it, and why it would not where it would not. */
export function explainBeside(ctx: Context, parts: BesideParts): Beside {
  const [hedge, mirror, resume] = [hedgeOf(ctx, parts), mirrorOf(ctx, parts), resumeOf(ctx, parts)];
  return { ...(hedge && { hedge }), ...(mirror && { mirror }), ...(resume && { resume }) };
}

function hedgeOf(ctx: Context, { routing, group, call, among, chosen, isRace }: BesideParts): Decision['hedge'] {
  const hedging = routing.hedgingOf(group);
  if (!hedging) return undefined;
  const because = (words: string) => ({ because: words });
  if (isRace) return because('several are asked from the beginning');
  if (!call.isStream) return because('only streams are hedged');
  if (!isRepeatable(ctx)) return because(NOT_REPEATABLE);
  const { delayMs, maxCostNanoUsd } = hedging;
  if (delayMs === undefined) return because('too few first tokens were seen to know what is late');
  if (!hedging.hasSome) return because('as many calls as may be have been asked a second time');
  const able = among.filter((other) => other !== chosen && !routing.book.isFull(other) && hedging.mayCost(call.costAt(other)));
  if (able.length === 0) return because('nobody else is ready, has a free place and costs no more than may be paid');
  return {
    afterMs: Math.round(delayMs),
    deployments: able.map(({ id }) => id),
    ...(maxCostNanoUsd !== undefined && { maxCostUsd: formatUsd(maxCostNanoUsd) }),
  };
}

function mirrorOf(ctx: Context, { group, isRace, routing }: BesideParts): Decision['mirror'] {
  if (!group.mirror || (isRace && routing.reach.racersOf(ctx))) return undefined;
  if (!isRepeatable(ctx)) return { because: NOT_REPEATABLE };
  return { group: group.mirror.to, percent: group.mirror.percent ?? 100 };
}

function resumeOf(ctx: Context, { routing, group, controls, among }: BesideParts): Decision['resume'] {
  if (!routing.resumes(group)) return undefined;
  if (!routing.mayResume(ctx, group, controls))
    return { because: 'only a stream with one answer of a chat is gone on with, and only for callers who take fallbacks' };
  const others = routing.reach.fallbacksAfter(group, undefined, controls).flatMap((name) => routing.reach.groupFor(ctx, name)?.deployments ?? []);
  const able = [...new Set([...among, ...others])].filter((deployment) => routing.continues(deployment) !== undefined);
  return able.length === 0 ? { because: 'nobody can go on with an answer that another has begun' } : { deployments: able.map(({ id }) => id) };
}
