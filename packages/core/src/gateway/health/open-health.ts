import { readCredentials } from '../../http/credentials.ts';
import { mayUse } from '../../models/may-use.ts';
import type { Context } from '../../pipeline/context.ts';
import type { Transport } from '../../provider/transport.ts';
import type { Routing } from '../../routing/routing.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { JsonObject } from '../../types/json.ts';
import type { Deployment } from '../../types/model.ts';
import type { Sink } from '../../types/record.ts';
import type { TryFailure } from '../../types/try-failure.ts';
import type { Client } from '../client.ts';
import type { GatewayOptions } from '../options.ts';
import { billedProbe } from './billed-probe.ts';
import { type Checked, HealthChecks } from './health-checks.ts';
import { type Endpoint, healthReport } from './health-report.ts';
import { Outages } from './outages.ts';
import { outageTeller } from './outage-teller.ts';
import { prober } from './probe.ts';

export type HealthParts = {
  readonly routing: Routing;
  readonly transport: Transport;
  /** Asked for only when a probe is to be a call. */
  readonly client: () => Client;
  readonly onError: (error: unknown) => void;
};

export type Health = {
  /** The answer to `/health`: of the model that the call names, or of all that the caller may use. @throws GatewayError `model_not_found` */
  report(ctx: Context): Promise<JsonObject>;
  close(): void;
};

const TIMEOUT_MS = 5_000;
const LOOK_MS = 1_000;
/** How old a finding may be for callers who are no administrators, or whose browser may have been led here: they cannot make the gateway ask again and again. */
const FRESH_MS = 10_000;

/** Finds out how deployments are: when asked, in the background where that was asked for, and from how calls fare. */
export function openHealth({ health = {}, providers = [], sinks = [] }: GatewayOptions, { routing, transport, client, onError }: HealthParts): Health {
  const { models, book } = routing;
  const { everyMs, timeoutMs = TIMEOUT_MS, isBilled = false } = health;
  const startedAt = performance.now();
  const free = prober({ providers, transport });
  const checks = new HealthChecks({ models, timeoutMs, probe: isBilled ? billedProbe({ models, client, otherwise: free }) : free, onChecked });
  const outages = new Outages({ groups: () => models.groups, failingOf, tell: outageTeller({ sinks, onError }) });
  let looking: NodeJS.Timeout | undefined;
  const listeners = sinks.filter(({ tryFailed }) => tryFailed !== undefined);
  routing.onFailure((failure) => {
    watch();
    for (const sink of listeners) void tell(sink, failure).catch(onError);
  });
  const checking = everyMs === undefined ? undefined : setInterval(inBackground, everyMs).unref();

  /** While anything fails, and no longer. */
  function watch(): void {
    looking ??= setInterval(() => {
      if (outages.look()) return;
      clearInterval(looking);
      looking = undefined;
    }, LOOK_MS).unref();
  }

  /** What fails here is no place to send calls to, and what no longer does is one again. Of what calls have failed with, this shows only that the connection is back. */
  function onChecked(deployment: Deployment, { error }: Checked, before: Checked | undefined): void {
    const breaker = book.breaker(deployment);
    if (error && !isBilled) routing.noteFailure(deployment, error);
    else if (!error && breaker && (breaker.reason === 'upstream_unreachable' || breaker.reason === before?.error?.code)) breaker.reset();
  }

  function failingOf(deployment: Deployment): string | undefined {
    const breaker = book.breaker(deployment);
    return breaker && breaker.until > 0 ? (breaker.reason ?? 'told by another instance') : undefined;
  }

  function inBackground(): void {
    const due = models.groups.flatMap(({ deployments }) => deployments.filter(({ isBlocked, healthCheck }) => !isBlocked && healthCheck !== false));
    void checks.check(due).catch(onError);
  }

  return {
    async report(ctx) {
      const { model } = ctx.request;
      const hasDetails = ctx.principal?.isAdmin === true;
      const asked = endpointsOf(ctx, model === '' ? undefined : model);
      const isKept = everyMs !== undefined && model === '';
      const since = performance.now() - (isKept ? everyMs * 2 : hasDetails && showsKey(ctx) ? 0 : FRESH_MS);
      await checks.check(
        asked.map(({ deployment }) => deployment),
        since,
      );
      const endpoints = asked.flatMap((endpoint): Endpoint[] => {
        const checked = checks.found(endpoint.deployment);
        return checked ? [{ ...endpoint, checked }] : [];
      });
      return healthReport(endpoints, { hasDetails, uptimeMs: performance.now() - startedAt });
    },
    close() {
      clearInterval(looking);
      clearInterval(checking);
    },
  };

  function endpointsOf(ctx: Context, model: string | undefined): Omit<Endpoint, 'checked'>[] {
    if (model === undefined)
      return models.groups
        .filter(({ name, isBlocked }) => !isBlocked && mayUse(ctx, name))
        .flatMap(({ name, deployments }) => deployments.filter(({ isBlocked }) => !isBlocked).map((deployment) => ({ model: name, deployment })));
    const group = mayUse(ctx, model) ? models.resolve(model) : undefined;
    if (!group) throw new GatewayError('model_not_found', `No model is named '${model}'`, { param: 'model' });
    return group.deployments.map((deployment) => ({ model: group.name, deployment }));
  }
}

/** In turn with the call that has failed, which goes on whatever becomes of it. */
async function tell(sink: Sink, failure: TryFailure): Promise<void> {
  await sink.tryFailed?.(failure);
}

/** A browser brings a session unasked, whoever leads it here. */
function showsKey({ source: { headers } }: Context): boolean {
  return headers === undefined || readCredentials(headers).length > 0;
}
