import { didYouMean, type GatewayOptions, type Strategy } from '@sluice/core';
import { hybrid, latencyBased, NAMED_STRATEGIES, namedStrategy, sticky } from '@sluice/core/routing';
import type { Findings } from './mistakes.ts';
import type { RouterSettings } from './schema/settings.ts';
import type { StrategyArgs } from './schema/strategy-args.ts';

/** The arguments that each strategy takes; what `ttl` is for happens by itself. */
const ARGUMENTS: Readonly<Record<string, readonly (keyof StrategyArgs)[]>> = {
  'latency-based-routing': ['lowest_latency_buffer', 'ttl'],
  'latency-based': ['lowest_latency_buffer', 'ttl'],
  hybrid: ['latency', 'cost', 'load', 'ttl'],
};

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
export function toStrategy(settings: RouterSettings, findings: Findings): Pick<NonNullable<GatewayOptions['router']>, 'strategy' | 'enforceRates'> {
  const { optional_pre_call_checks: checks = [] } = settings;
  const path = ['router_settings', 'optional_pre_call_checks'];
  for (const [index, check] of checks.entries()) {
    if (!KNOWN_CHECKS.includes(check)) findings.mistake([...path, index], `unknown check '${check}'`, didYouMean(check, KNOWN_CHECKS));
    else if (!AFFINITIES.includes(check) && check !== 'enforce_model_rate_limits') findings.notYet([...path, index], `'${check}'`);
  }
  const affinity = checks.findIndex((check) => AFFINITIES.includes(check));
  const named = strategyOf(settings, findings);
  if (affinity >= 0 && named && named.name !== 'sticky' && named.name !== 'simple-shuffle')
    findings.mistake([...path, affinity], `'${checks[affinity]}' keeps conversations together, and '${named.name}' does not; name one of them`);
  const strategy = affinity >= 0 ? sticky() : named;
  return { ...(strategy && { strategy }), ...(checks.includes('enforce_model_rate_limits') && { enforceRates: true }) };
}

function strategyOf({ routing_strategy: written, routing_strategy_args: args = {} }: RouterSettings, findings: Findings): Strategy | undefined {
  const name = written ?? 'simple-shuffle';
  const strategy = namedStrategy(name);
  if (!strategy) findings.mistake(['router_settings', 'routing_strategy'], `unknown strategy '${name}'`, didYouMean(name, NAMED_STRATEGIES));
  const taken = ARGUMENTS[name] ?? [];
  for (const key of Object.keys(args) as (keyof StrategyArgs)[])
    if (!taken.includes(key) && key !== 'ttl') findings.mistake(['router_settings', 'routing_strategy_args', key], `'${name}' takes no such argument`);
  if (strategy?.name === 'latency-based-routing')
    return latencyBased({ ...(args.lowest_latency_buffer !== undefined && { buffer: args.lowest_latency_buffer }) });
  if (strategy?.name === 'hybrid') {
    const { latency, cost, load } = args;
    return hybrid({ ...(latency !== undefined && { latency }), ...(cost !== undefined && { cost }), ...(load !== undefined && { load }) });
  }
  return written === undefined ? undefined : strategy;
}
