import { didYouMean, type GatewayOptions, type Strategy } from '@sluice/core';
import { sticky } from '@sluice/core/routing';
import { checkNames, type KnownNames } from './known-names.ts';
import type { Findings } from './mistakes.ts';
import type { RouterSettings } from './schema/settings.ts';
import type { StrategyArgs } from './schema/strategy-args.ts';
import { FILE_STRATEGIES, makerOf } from './strategy-makers.ts';
import type { Path } from './yaml-source.ts';

/** Checks that keep a conversation where it was. */
const AFFINITIES: readonly string[] = ['prompt_caching', 'session_affinity', 'deployment_affinity', 'responses_api_deployment_check'];
const KNOWN_CHECKS: readonly string[] = [
  ...AFFINITIES,
  'enforce_model_rate_limits',
  'router_budget_limiting',
  'encrypted_content_affinity',
  'forward_client_headers_by_model_group',
];

/** Who is asked first, by strategy and by the checks that go before one. */
export function toStrategy(
  settings: RouterSettings,
  known: KnownNames,
  findings: Findings,
): Pick<NonNullable<GatewayOptions['router']>, 'strategy' | 'enforceRates'> {
  const { optional_pre_call_checks: checks = [] } = settings;
  const path = ['router_settings', 'optional_pre_call_checks'];
  for (const [index, check] of checks.entries()) {
    if (!KNOWN_CHECKS.includes(check)) findings.mistake([...path, index], `unknown check '${check}'`, didYouMean(check, KNOWN_CHECKS));
    else if (!AFFINITIES.includes(check) && check !== 'enforce_model_rate_limits') findings.notYet([...path, index], `'${check}'`);
  }
  const affinity = checks.findIndex((check) => AFFINITIES.includes(check));
  const named = strategyOf(settings, { path: ['router_settings'], known }, findings);
  if (affinity >= 0 && named && named.name !== 'sticky' && named.name !== 'simple-shuffle')
    findings.mistake([...path, affinity], `'${checks[affinity]}' keeps conversations together, and '${named.name}' does not; name one of them`);
  const strategy = affinity >= 0 && named?.name !== 'sticky' ? sticky() : named;
  return { ...(strategy && { strategy }), ...(checks.includes('enforce_model_rate_limits') && { enforceRates: true }) };
}

type Written = Pick<RouterSettings, 'routing_strategy' | 'routing_strategy_args'>;

/** The strategy that is named at `path`, told what stands beside it. */
export function strategyOf(
  { routing_strategy: written, routing_strategy_args: args = {} }: Written,
  { path, known }: { readonly path: Path; readonly known: KnownNames },
  findings: Findings,
): Strategy | undefined {
  const name = written ?? 'simple-shuffle';
  const maker = makerOf(name);
  if (!maker) {
    findings.mistake([...path, 'routing_strategy'], `unknown strategy '${name}'`, didYouMean(name, FILE_STRATEGIES));
    return undefined;
  }
  const { takes, needs = [] } = maker;
  const at = [...path, 'routing_strategy_args'];
  const strange = (Object.keys(args) as (keyof StrategyArgs)[]).filter((key) => key !== 'ttl' && !takes.includes(key));
  const missing = needs.filter((key) => args[key] === undefined);
  for (const key of strange) findings.mistake([...at, key], `'${name}' takes no such argument`);
  if (missing.length > 0) findings.mistake([...path, 'routing_strategy'], `'${name}' needs ${missing.map((key) => `routing_strategy_args.${key}`).join(', ')}`);
  checkNames(
    namesIn(args).map(([inner, model]) => [[...at, ...inner], model]),
    known,
    findings,
  );
  return written === undefined || strange.length > 0 || missing.length > 0 ? undefined : maker.make(args);
}

/** The models that arguments name, and where. */
function namesIn({ tiers = {}, default_model: byDefault, embedding_model: embedding, routes = [], order, rules = [], otherwise, shares = {} }: StrategyArgs) {
  const single = Object.entries({ default_model: byDefault, embedding_model: embedding, order, otherwise });
  const all: readonly (readonly [Path, string | readonly string[] | undefined])[] = [
    ...Object.entries(tiers).map(([level, models]) => [['tiers', level], models] as const),
    ...single.map(([key, models]) => [[key], models] as const),
    ...routes.map(({ name }, index) => [['routes', index, 'name'], name] as const),
    ...rules.map(({ use }, index) => [['rules', index, 'use'], use] as const),
    ...Object.keys(shares).map((name) => [['shares', name], name] as const),
  ];
  return all.flatMap(([path, models]) => [models ?? []].flat().map((model) => [path, model] as const));
}
