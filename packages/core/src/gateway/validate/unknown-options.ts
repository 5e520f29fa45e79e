import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { VirtualKey } from '../../keys/virtual-key.ts';
import type { MediaOptions } from '../../provider/media/media-fetcher.ts';
import type { GuardrailUse } from '../../types/guardrail.ts';
import type { PriorityOptions } from '../../types/priority.ts';
import type { Capabilities, Deployment, DeploymentHealthCheck } from '../../types/model.ts';
import type { HedgeOptions } from '../../types/hedge.ts';
import type { MirrorOptions } from '../../types/mirror.ts';
import type { ModelGroup } from '../../types/model-group.ts';
import type { GatewayOptions, HealthOptions } from '../options.ts';
import { at } from './value-problems.ts';

/** Every name that `T` has. */
export type NamesOf<T> = Readonly<Record<keyof Required<T>, true>>;

// Written out, for there are no types at run time; the compiler keeps them complete.
const OPTIONS: NamesOf<GatewayOptions> = {
  providers: true,
  models: true,
  aliases: true,
  masterKey: true,
  keys: true,
  directory: true,
  declared: true,
  management: true,
  modelReader: true,
  saltKey: true,
  formerSaltKeys: true,
  identify: true,
  identities: true,
  access: true,
  auth: true,
  allowance: true,
  limits: true,
  budget: true,
  onStoreError: true,
  guardrails: true,
  cache: true,
  router: true,
  parameterRules: true,
  defaults: true,
  prices: true,
  sinks: true,
  ledger: true,
  quoteErrors: true,
  recordMessages: true,
  telemetry: true,
  health: true,
  hooks: true,
  store: true,
  litellmHeaders: true,
  bodyLimitBytes: true,
  fileLimitBytes: true,
  takesForeignFileIds: true,
  batches: true,
  timeoutMs: true,
  idleTimeoutMs: true,
  streamHeadAfterMs: true,
  maxAnswerBytes: true,
  upstream: true,
  media: true,
  onError: true,
};
const ALLOWANCE: NamesOf<NonNullable<GatewayOptions['allowance']>> = {
  perKey: true,
  perUser: true,
  users: true,
  perTeam: true,
  perEndUser: true,
  gateway: true,
};
const ACCESS: NamesOf<NonNullable<GatewayOptions['access']>> = {
  allowFrom: true,
  denyFrom: true,
  enforcedParams: true,
  publicRoutes: true,
  adminRoutes: true,
  allowedRoutes: true,
  endUserHeaders: true,
};
const LIMIT_OPTIONS: NamesOf<NonNullable<GatewayOptions['limits']>> = { assumedOutputTokens: true, priority: true };
const PRIORITY: NamesOf<PriorityOptions> = { shares: true, defaultShare: true, saturation: true };
const BUDGET: NamesOf<NonNullable<GatewayOptions['budget']>> = {
  providers: true,
  alertAt: true,
  onAlert: true,
  calendar: true,
  unpriced: true,
  assumedOutputTokens: true,
};
const ROUTER: NamesOf<NonNullable<GatewayOptions['router']>> = {
  strategy: true,
  retries: true,
  retriesFor: true,
  backoffMs: true,
  maxBackoffMs: true,
  defaultFallbacks: true,
  maxFallbacks: true,
  defaultGroup: true,
  defaultProvider: true,
  cooldownMs: true,
  allowedFails: true,
  allowedFailsFor: true,
  tagFiltering: true,
  enforceRates: true,
  deadlineMs: true,
  queue: true,
  defaultPriority: true,
  shareCooldowns: true,
  hedge: true,
  resume: true,
};
const HEALTH: NamesOf<HealthOptions> = { everyMs: true, timeoutMs: true, isBilled: true };
const HEALTH_CHECK: NamesOf<DeploymentHealthCheck> = { timeoutMs: true, model: true, maxTokens: true };
const CACHE: NamesOf<Exclude<GatewayOptions['cache'], boolean | undefined>> = { ttlMs: true, maxEntryBytes: true, operations: true };
const UPSTREAM: NamesOf<NonNullable<GatewayOptions['upstream']>> = { connectTimeoutMs: true, connectionsPerOrigin: true };
const MEDIA: NamesOf<MediaOptions> = { allowHosts: true, maxBytes: true, timeoutMs: true };
const KEY: NamesOf<VirtualKey> = {
  id: true,
  key: true,
  alias: true,
  userId: true,
  teamId: true,
  organizationId: true,
  models: true,
  regions: true,
  mayExplain: true,
  limits: true,
  budgetNanoUsd: true,
  budgetWindow: true,
  softBudgetNanoUsd: true,
  isShadow: true,
  degrade: true,
  modelAllowances: true,
  expiresAt: true,
  isBlocked: true,
  metadata: true,
};
const GUARDRAIL_USE: NamesOf<GuardrailUse> = { guardrail: true, on: true, stream: true, always: true };
const GROUP: NamesOf<ModelGroup> = {
  name: true,
  deployments: true,
  fallbacks: true,
  contextFallbacks: true,
  contentPolicyFallbacks: true,
  retries: true,
  retriesFor: true,
  strategy: true,
  isHidden: true,
  isBlocked: true,
  hedge: true,
  mirror: true,
  resume: true,
};
const MIRROR: NamesOf<MirrorOptions> = { to: true, percent: true, parallelCalls: true, budgetNanoUsd: true, budgetWindow: true };
const HEDGE: NamesOf<HedgeOptions> = { percentile: true, minDelayMs: true, maxPercent: true, maxCostNanoUsd: true };
const ALIAS: Readonly<Record<string, true>> = { to: true, isHidden: true, strategy: true };
const CAPABILITIES: NamesOf<Capabilities> = { vision: true, tools: true, jsonSchema: true, audio: true, prefix: true };
const DEPLOYMENT: NamesOf<Deployment> = {
  id: true,
  provider: true,
  model: true,
  baseUrl: true,
  apiKey: true,
  headers: true,
  defaults: true,
  options: true,
  parameterRules: true,
  cachePoints: true,
  weight: true,
  price: true,
  maxOutputTokens: true,
  maxInputTokens: true,
  timeoutMs: true,
  standIn: true,
  baseModel: true,
  tags: true,
  region: true,
  order: true,
  capabilities: true,
  requestsPerMinute: true,
  tokensPerMinute: true,
  cooldownMs: true,
  retries: true,
  budgetNanoUsd: true,
  budgetWindow: true,
  parallelCalls: true,
  firstTokenTimeoutMs: true,
  idleTimeoutMs: true,
  healthCheck: true,
  isBlocked: true,
};

/** Whether a gateway has an option of this name. */
export function isOption(name: string): boolean {
  return Object.hasOwn(OPTIONS, name);
}

/** Names that mean nothing: a limit or budget that is misspelt would otherwise not be there. */
export function unknownOptions(options: GatewayOptions): ConfigurationProblem[] {
  return [
    ...unknownIn('', options, OPTIONS),
    ...unknownIn('access', options.access, ACCESS),
    ...unknownIn('allowance', options.allowance, ALLOWANCE),
    ...unknownIn('limits', options.limits, LIMIT_OPTIONS),
    ...unknownIn('limits.priority', options.limits?.priority, PRIORITY),
    ...unknownIn('budget', options.budget, BUDGET),
    ...unknownIn('router', options.router, ROUTER),
    ...unknownIn('router.hedge', options.router?.hedge, HEDGE),
    ...unknownIn('health', options.health, HEALTH),
    ...unknownIn('cache', typeof options.cache === 'object' ? options.cache : undefined, CACHE),
    ...unknownIn('upstream', options.upstream, UPSTREAM),
    ...unknownIn('media', options.media || undefined, MEDIA),
    ...unknownInEach('keys', options.keys, KEY),
    ...unknownInEach('guardrails', options.guardrails, GUARDRAIL_USE),
    ...unknownInEach('models', options.models, GROUP),
    ...(options.models ?? []).flatMap(({ mirror }, index) => unknownIn(`models[${index}].mirror`, mirror, MIRROR)),
    ...(options.models ?? []).flatMap(({ hedge }, index) => unknownIn(`models[${index}].hedge`, hedge || undefined, HEDGE)),
    ...(options.models ?? []).flatMap((group, index) => unknownInEach(`models[${index}].deployments`, group.deployments, DEPLOYMENT)),
    ...(options.models ?? []).flatMap(({ deployments }, index) =>
      deployments.flatMap(({ capabilities, healthCheck }, inner) => [
        ...unknownIn(`models[${index}].deployments[${inner}].capabilities`, capabilities, CAPABILITIES),
        ...unknownIn(`models[${index}].deployments[${inner}].healthCheck`, healthCheck || undefined, HEALTH_CHECK),
      ]),
    ),
    ...Object.entries(options.aliases ?? {}).flatMap(([name, alias]) =>
      typeof alias === 'object' && !Array.isArray(alias) ? unknownIn(`aliases.${name}`, alias, ALIAS) : [],
    ),
  ];
}

function unknownInEach(place: string, values: readonly object[] | undefined, known: Readonly<Record<string, true>>): ConfigurationProblem[] {
  return (values ?? []).flatMap((value, index) => unknownIn(`${place}[${index}]`, value, known));
}

/** The names in `value` that are not among the `known`. */
export function unknownIn(place: string, value: object | undefined, known: Readonly<Record<string, true>>): ConfigurationProblem[] {
  return Object.keys(value ?? {})
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => {
      const suggestion = didYouMean(name, Object.keys(known));
      return { place: at(place, name), message: 'is not an option.', ...(suggestion === undefined ? {} : { suggestion }) };
    });
}
