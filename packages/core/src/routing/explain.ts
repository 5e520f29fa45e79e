import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import { formatUsd } from '../pricing/money.ts';
import type { Decision, DecisionCandidate } from '../types/decision.ts';
import type { Deployment } from '../types/model.ts';
import type { Strategy } from '../types/strategy.ts';
import { takeControls } from './controls.ts';
import type { GroupCall } from './routed-call.ts';
import type { Routing } from './routing.ts';
import { byWeight } from './strategies/by-weight.ts';

/**
 * How a call would be routed now. Nobody is called, but that a strategy may embed the text it goes by.
 * @throws GatewayError `model_not_found`, `invalid_request`
 */
export async function explain(routing: Routing, ctx: Context): Promise<Decision> {
  const group = routing.reach.targetOf(ctx);
  if (!group) throw new GatewayError('model_not_found', `No model is named '${ctx.request.model}'.`, { param: 'model' });
  const requested = ctx.request.model;
  const controls = takeControls(ctx, group);
  const plan = routing.planOf(group);
  const call = routing.callOf(ctx, controls);
  const hasFallback = routing.reach.hasFallback(ctx, group, controls);
  const { left, removed } = routing.candidates(plan, call, hasFallback);
  const strategy = routing.strategyOf(group, controls);

  const ready = routing.readyOf(left, plan.hasOrder);
  const among = ready.length > 0 ? ready : left;
  const chosen = among.length === 0 ? undefined : await (strategy ? strategy.pick(among, call) : byWeight(among, call.random));
  const unable = group.deployments.filter((deployment) => !plan.able(ctx.operation).includes(deployment));
  return {
    object: 'routing.decision',
    requested,
    operation: ctx.operation,
    group: group.name,
    strategy: strategy?.name ?? 'simple-shuffle',
    provider: chosen?.provider,
    model: chosen?.model,
    deployment: chosen?.id,
    reason: await reasonFor(chosen, { among, strategy, call, requested, group: group.name }),
    candidates: [
      ...left.map((deployment) =>
        toCandidate(deployment, deployment === chosen ? 'chosen' : ready.includes(deployment) ? 'standby' : 'resting', strategy, call),
      ),
      ...removed.map(({ deployment, by, because }) => ({ ...toCandidate(deployment, 'removed', undefined, call), removedBy: by, because })),
      ...unable.map((deployment) => ({
        ...toCandidate(deployment, 'removed', undefined, call),
        ...(plan.open.includes(deployment)
          ? { removedBy: 'operation', because: `its provider cannot do '${ctx.operation}'` }
          : { removedBy: 'blocked', because: 'it is blocked' }),
      })),
    ],
    fallbacks: routing.reach.fallbacksAfter(group, undefined, controls).filter((name) => routing.reach.groupFor(ctx, name) !== undefined),
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
