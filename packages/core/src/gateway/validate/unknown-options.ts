import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Limits } from '../../types/call.ts';
import type { GatewayOptions } from '../options.ts';
import { at } from './value-problems.ts';

type NamesOf<T> = Readonly<Record<keyof Required<T>, true>>;

// Written out, for there are no types at run time; the compiler keeps them complete.
const OPTIONS: NamesOf<GatewayOptions> = {
  providers: true,
  models: true,
  aliases: true,
  masterKey: true,
  keys: true,
  identify: true,
  auth: true,
  limits: true,
  budget: true,
  onStoreError: true,
  guardrails: true,
  cache: true,
  router: true,
  prices: true,
  sinks: true,
  quoteErrors: true,
  telemetry: true,
  hooks: true,
  store: true,
  bodyLimitBytes: true,
  timeoutMs: true,
  idleTimeoutMs: true,
  maxAnswerBytes: true,
  upstream: true,
  onError: true,
};
const LIMIT_OPTIONS: NamesOf<NonNullable<GatewayOptions['limits']>> = { perKey: true, gateway: true, assumedOutputTokens: true };
const LIMITS: NamesOf<Limits> = { requestsPerMinute: true, tokensPerMinute: true, parallelCalls: true };
const BUDGET: NamesOf<NonNullable<GatewayOptions['budget']>> = { perKeyNanoUsd: true, gatewayNanoUsd: true, unpriced: true, assumedOutputTokens: true };
const ROUTER: NamesOf<NonNullable<GatewayOptions['router']>> = { retries: true, backoffMs: true, maxBackoffMs: true, defaultFallbacks: true };

/** Names that mean nothing: a limit or budget that is misspelt would otherwise not be there. */
export function unknownOptions(options: GatewayOptions): ConfigurationProblem[] {
  return [
    ...unknownIn('', options, OPTIONS),
    ...unknownIn('limits', options.limits, LIMIT_OPTIONS),
    ...unknownIn('limits.perKey', options.limits?.perKey, LIMITS),
    ...unknownIn('limits.gateway', options.limits?.gateway, LIMITS),
    ...unknownIn('budget', options.budget, BUDGET),
    ...unknownIn('router', options.router, ROUTER),
    ...(options.keys ?? []).flatMap((key, index) => unknownIn(`keys[${index}].limits`, key.limits, LIMITS)),
  ];
}

function unknownIn(place: string, value: object | undefined, known: Readonly<Record<string, true>>): ConfigurationProblem[] {
  return Object.keys(value ?? {})
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => {
      const suggestion = didYouMean(name, Object.keys(known));
      return { place: at(place, name), message: 'is not an option.', ...(suggestion === undefined ? {} : { suggestion }) };
    });
}
