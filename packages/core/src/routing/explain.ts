import { unionOf } from '../models/model-memory.ts';
import type { Context } from '../pipeline/context.ts';
import { formatUsd } from '../pricing/money.ts';
import type { Decision, DecisionAsked, DecisionCandidate } from '../types/decision.ts';
import type { Deployment } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';
import type { Strategy } from '../types/strategy.ts';
import { type Controls, takeControls } from './controls.ts';
import { explainBeside } from './explain-beside.ts';
import { isRepeatable } from './is-repeatable.ts';
import { notFound, notRepeatable } from './refusals.ts';
import type { GroupCall } from './routed-call.ts';
import type { Routing } from './routing.ts';
import { byWeight } from './strategies/by-weight.ts';

/**
 * How a call would be routed now. Nobody is called, but that a strategy may embed the text it goes by.
 * @throws GatewayError `model_not_found`, `invalid_request`
 */
export async function explain(routing: Routing, ctx: Context): Promise<Decision> {
  const requested = ctx.request.model;
  const racers = routing.reach.racersOf(ctx);
  if (racers && !isRepeatable(ctx)) throw notRepeatable();
  const group = racers ? unionOf(requested, racers) : routing.reach.targetOf(ctx);
  if (!group) throw notFound(ctx, routing.models);
  const controls = takeControls(ctx, group);
  const given: Given = { routing, ctx, controls, call: routing.callOf(ctx, controls), hasFallback: routing.reach.hasFallback(ctx, group, controls) };
  const views = await Promise.all((racers ?? [group]).map((one) => viewOf(one, given)));
  const asked = views.flatMap((view) => view.together);
  const [{ chosen, among, strategy } = NOBODY] = views.filter((view) => view.chosen);
  const isRace = asked.length > 1;
  return {
    object: 'routing.decision',
    requested,
    operation: ctx.operation,
    group: group.name,
    strategy: racers ? 'race' : (routing.strategyOf(group, controls)?.name ?? 'simple-shuffle'),
    provider: chosen?.provider,
    model: chosen?.model,
    deployment: chosen?.id,
    reason: racers && isRace ? RACE : await reasonFor(chosen, { among, strategy, call: given.call, requested, group: group.name }),
    candidates: views.flatMap(({ candidates }) => candidates),
    ...(isRace && { together: asked }),
    ...explainBeside(ctx, { ...given, group, among, chosen, isRace }),
    fallbacks: routing.reach.fallbacksAfter(group, undefined, controls).filter((name) => routing.reach.groupFor(ctx, name) !== undefined),
  };
}

const RACE = 'one of each model is asked at the same time, and the first to answer wins';

type Given = {
  readonly routing: Routing;
  readonly ctx: Context;
  readonly controls: Controls | undefined;
  readonly call: GroupCall;
  readonly hasFallback: boolean;
};

/** One group, as the call finds it: who may answer and who is asked. */
type View = {
  readonly among: readonly Deployment[];
  readonly chosen: Deployment | undefined;
  readonly strategy: Strategy | undefined;
  readonly candidates: readonly DecisionCandidate[];
  /** All that are asked at once; mostly one. */
  readonly together: readonly DecisionAsked[];
};

const NOBODY: View = { among: [], chosen: undefined, strategy: undefined, candidates: [], together: [] };

async function viewOf(group: ModelGroup, { routing, ctx, controls, call, hasFallback }: Given): Promise<View> {
  const plan = routing.planOf(group);
  const { left, removed } = routing.candidates(plan, call, hasFallback);
  const strategy = routing.strategyOf(group, controls);
  const ready = routing.readyOf(left, plan.hasOrder);
  const among = ready.length > 0 ? ready : left;
  const chosen = among.length === 0 ? undefined : await (strategy ? strategy.pick(among, call) : byWeight(among, call.random));
  const free = strategy?.asksAll && isRepeatable(ctx) ? among.filter((deployment) => !routing.book.isFull(deployment)) : [];
  const asked = free.length > 1 ? free : chosen ? [chosen] : [];
  const unable = group.deployments.filter((deployment) => !plan.able(ctx.operation).includes(deployment));
  const statusOf = (deployment: Deployment): DecisionCandidate['status'] =>
    asked.includes(deployment) ? 'chosen' : ready.includes(deployment) ? 'standby' : 'resting';
  return {
    among,
    chosen,
    strategy,
    candidates: [
      ...left.map((deployment) => toCandidate(deployment, statusOf(deployment), strategy, call)),
      ...removed.map(({ deployment, by, because }) => ({ ...toCandidate(deployment, 'removed', undefined, call), removedBy: by, because })),
      ...unable.map((deployment) => ({
        ...toCandidate(deployment, 'removed', undefined, call),
        ...(plan.open.includes(deployment)
          ? { removedBy: 'operation', because: `its provider cannot do '${ctx.operation}'` }
          : { removedBy: 'blocked', because: 'it is blocked' }),
      })),
    ],
    together: asked.map(({ id, provider, model }) => ({ group: group.name, deployment: id, provider, model })),
  };
}

function toCandidate(deployment: Deployment, status: DecisionCandidate['status'], strategy: Strategy | undefined, call: GroupCall): DecisionCandidate {
  const { id, provider, model } = deployment;
  const score = strategy?.score?.(deployment, call);
  const cost = call.costAt(deployment);
  return {
    deployment: id,
    provider,
    model,
    status,
    ...(score === undefined || !Number.isFinite(score) ? {} : { score }),
    ...(cost === undefined ? {} : { expectedCostUsd: formatUsd(cost) }),
    ...(strategy?.isMeasured ? { inFlight: call.loadOf(deployment).inFlight } : {}),
  };
}

type Choice = {
  readonly among: readonly Deployment[];
  readonly strategy: Strategy | undefined;
  readonly call: GroupCall;
  readonly requested: string;
  readonly group: string;
};

async function reasonFor(chosen: Deployment | undefined, { among, strategy, call, requested, group }: Choice): Promise<string> {
  const named = requested === group ? '' : `'${requested}' means '${group}'; `;
  if (!chosen) return `${named}no deployment may answer this call`;
  if (among.length === 1) return `${named}'${chosen.id}' is the only one that may answer now`;
  const own = await strategy?.reason?.(chosen, call);
  return `${named}${own ?? `${strategy?.name ?? 'by weight'}, of ${among.length} that may answer`}`;
}
