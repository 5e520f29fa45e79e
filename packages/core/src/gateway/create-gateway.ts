import { GatewayError } from '../errors/gateway-error.ts';
import { carefully, warn } from '../errors/warn.ts';
import { pinToFiles } from '../files/pin-to-files.ts';
import { httpHandler } from '../http/http-handler.ts';
import { ASSUMED_PAID_TOKENS, type Plan, planner } from '../hooks/admission/plan.ts';
import type { HttpHandler, HttpRequest } from '../http/http-types.ts';
import { openAnswers } from '../http/open-answers.ts';
import { shownReader } from '../http/read-shown.ts';
import { compose } from '../pipeline/compose.ts';
import type { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { isFileOperation, isLocal, isManagement } from '../pipeline/operations.ts';
import { strict } from '../pipeline/strict.ts';
import { callProvider } from '../provider/call-provider.ts';
import { countTokens } from '../provider/count-tokens.ts';
import { mediaFetcher } from '../provider/media/media-fetcher.ts';
import { supportedBy } from '../provider/provider-of.ts';
import { transport } from '../provider/transport.ts';
import { memoryStore } from '../store/memory-store.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { Decision } from '../types/decision.ts';
import { ActiveCalls } from './active-calls.ts';
import { askForGuardrails } from './ask-for-guardrails.ts';
import { builtInHooks } from './built-in-hooks.ts';
import { checkRequest } from './check-request.ts';
import { type Client, createClient } from './client.ts';
import { asksWhy, explainer, explainFor, type ExplainOptions } from './explain-call.ts';
import { fileHandling, objectIds } from './file-handler.ts';
import { openDirectory, openRing } from './open-directory.ts';
import { openHealth } from './health/open-health.ts';
import { identityAnswers } from './identity-answers.ts';
import { localAnswers } from './local-answers.ts';
import { followDirectory } from './models/directory-models.ts';
import { type GatewayModels, gatewayModels } from './models/gateway-models.ts';
import { LiveModels } from './models/live-models.ts';
import { metricsPage } from './metrics-page.ts';
import { openManagement } from './open-management.ts';
import { openRouting } from './open-routing.ts';
import { openCall } from './open-call.ts';
import type { GatewayOptions } from './options.ts';
import { runCalls } from './run-calls.ts';
import { upstreamLimits } from './upstream-limits.ts';
import { withinBounds } from './within-bounds.ts';
import { VERSION } from './version.ts';
import { mayBeVouched, sessionCookies } from './voucher.ts';
import { validateOptions } from './validate/validate-options.ts';
import { type ConfigUpdate, configUpdater } from './update-config.ts';

const MIB = 1024 * 1024;

export type Gateway = Client & {
  readonly models: GatewayModels;
  /**
   * Changes options for calls to come, all of it or nothing; of an object only the fields that are given.
   * @throws ConfigurationError naming every mistake, and every option that is settled at the start.
   */
  updateConfig(update: ConfigUpdate): void;
  /** How a call would be routed now, and why: `provider`, `model`, `reason`, and every candidate. Nobody is called. */
  explain(request: ModelRequest, options?: ExplainOptions): Promise<Decision>;
  /** The gateway as HTTP without a transport: what adapters serve. */
  readonly handle: HttpHandler;
  /** Resolves when no call is under way and no deferred work is left. */
  idle(): Promise<void>;
  /** Takes no more calls, gives those under way `drainMs` to end, cuts the rest with an error event, and closes what it opened. */
  close(options?: { readonly drainMs?: number }): Promise<void>;
};

/**
 * Assembles a gateway.
 * @throws ConfigurationError naming every mistake.
 */
export function createGateway(options: GatewayOptions): Gateway {
  validateOptions(options);
  const onError = carefully(options.onError ?? warn);
  const live = new LiveModels(options);
  const models = live.registry;
  const network = transport(options.upstream);
  const media = options.media === false ? undefined : mediaFetcher(options.media ?? {});
  const store = options.store ?? memoryStore();
  const directory = openDirectory(options, onError);
  const ring = openRing(options, directory);
  const supports = supportedBy(options.providers ?? []);
  const routing = openRouting({ ...options, onError }, { models, supports, client: () => client });
  live.onReplaced((deployment, former) => routing.book.adopt(deployment, former));
  if (directory) followDirectory(directory, live, onError);
  const health = openHealth(options, { routing, transport: network, client: () => client, onError });
  const hooks = builtInHooks(
    { ...options, onError },
    { models, ring, directory, store, routing, client: () => client, ask: (...asked) => ask(...asked), now: () => live.options },
  );
  const watched = process.env.NODE_ENV === 'production' ? hooks : hooks.map(strict);
  const outer = watched.filter(({ phase }) => phase === 'logger' || phase === 'auth');
  const runLocal = compose([...outer, checkRequest], localAnswers({ models, health, metrics: metricsPage(options) }));
  const runManagement = compose([...outer, checkRequest], openManagement(options, { directory, ring, models: gatewayModels(live) }));
  const ids = objectIds(options);
  const ownFiles = pinToFiles({ ids, models, targetOf: (ctx) => routing.reach.targetOf(ctx), takesForeign: options.takesForeignFileIds !== false });
  const runExplain = compose([...outer, checkRequest, ownFiles], explainer(routing));
  const callUpstream = callProvider({
    providers: options.providers ?? [],
    transport: network,
    limits: upstreamLimits(live),
    media,
  });
  const runModel = compose(
    [...watched, checkRequest, ownFiles],
    countTokens(withinBounds(callUpstream, { live, store, onError }), (deployment) => supports(deployment, 'tokens.count')),
  );

  const files = fileHandling(options, { hooks: watched, models, store, supports, call: callUpstream, ids, run: (ctx) => run(ctx), onError });
  const planOf = (ctx: Context): Plan =>
    planner({ reach: routing.reach, unpriced: 'refuse', assumedOutputTokens: live.options.budget?.assumedOutputTokens ?? ASSUMED_PAID_TOKENS })(ctx);
  const mayKnow = mayBeVouched(options.identities);
  const calls = new ActiveCalls();
  let isClosing = false;
  const run = runCalls({
    calls,
    handlerFor,
    isClosing: () => isClosing,
    recordsFirst: options.ledger !== undefined,
    withholdsUnrecorded: options.onStoreError !== 'open',
    onError,
  });

  const ask = askForGuardrails(run);

  function handlerFor(ctx: Context): Handler {
    if (isLocal(ctx.operation)) return isManagement(ctx.operation) ? runManagement : runLocal;
    if (isFileOperation(ctx.operation)) return files.handle;
    return asksWhy(ctx) ? runExplain : runModel;
  }

  async function close({ drainMs = 0 }: { readonly drainMs?: number } = {}): Promise<void> {
    isClosing = true;
    let timer: NodeJS.Timeout | undefined;
    const lookedOut = files.close();
    await Promise.race([calls.idle(), new Promise((resolve) => (timer = setTimeout(resolve, drainMs)))]);
    clearTimeout(timer);
    calls.abort(new GatewayError('shutting_down', 'The gateway is closing; the answer is incomplete'));
    await Promise.all([calls.idle(), lookedOut]);
    health.close();
    for (const hook of hooks) await hook.close?.();
    await store.close?.();
    await directory?.close();
    await network.close();
    await media?.close();
  }

  /** Whom auth is certain to refuse, whatever else the request says. */
  function isStranger({ principal }: HttpRequest, credentials: readonly string[]): boolean {
    if (principal !== undefined || options.identify || options.auth === false || options.access?.publicRoutes) return false;
    const [credential] = credentials;
    return credential === undefined || credentials.length > 1 || (ring.find(credential) === undefined && !ring.refresh && !mayKnow(credential));
  }

  const handleCall = httpHandler({
    open: openCall,
    readShown: shownReader(sessionCookies(options.identities)),
    run,
    isStranger,
    bodyLimitBytes: options.bodyLimitBytes ?? 32 * MIB,
    fileLimitBytes: options.fileLimitBytes ?? 512 * MIB,
    hasMetrics: options.sinks?.some(({ metrics }) => metrics !== undefined) === true,
    hasLitellmNames: options.litellmHeaders !== false,
    headAfterMs: options.streamHeadAfterMs === false ? undefined : (options.streamHeadAfterMs ?? 10_000),
  });
  const answerOpenly = openAnswers({ version: VERSION, isReady: () => !isClosing });
  const answerVisitors = identityAnswers({ ...options, store, directory, isClosing: () => isClosing, onError });
  const handle: HttpHandler = (request) => handleCall(request) ?? answerVisitors(request) ?? answerOpenly(request);
  const client = createClient({ run, handle, mostOf: (ctx) => planOf(ctx).most, guardrails: options.guardrails ?? [] });
  const [changeable, updateConfig] = [gatewayModels(live), configUpdater({ live, routing })];
  return { ...client, models: changeable, updateConfig, explain: explainFor(routing), handle, idle: () => calls.idle(), close };
}
