import { ConfigurationError, type ConfigurationProblem, didYouMean, type JsonObject, type StorePackage } from '@sluice/core';
import { redisStore, type RedisStoreOptions } from './redis-store.ts';

type Kind = 'text' | 'milliseconds' | 'texts' | 'sentinels';

const OPTIONS: Readonly<Record<string, Kind>> = {
  url: 'text',
  cluster: 'texts',
  sentinels: 'sentinels',
  master: 'text',
  password: 'text',
  prefix: 'text',
  timeoutMs: 'milliseconds',
  leaseMs: 'milliseconds',
};

const CHECKS: Readonly<Record<Kind, { readonly holds: (value: unknown) => boolean; readonly says: string }>> = {
  text: { holds: (value) => typeof value === 'string' && value !== '', says: 'has to be a text' },
  milliseconds: { holds: (value) => typeof value === 'number' && value > 0, says: 'has to be a number of milliseconds over 0' },
  texts: { holds: (value) => Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string'), says: 'has to be a list of addresses' },
  sentinels: { holds: (value) => Array.isArray(value) && value.length > 0 && value.every(isSentinel), says: 'has to be a list of { host, port }' },
};

/** For configuration files that name this package. */
export const store: StorePackage = {
  create(options) {
    const problems = [...addressProblems(options), ...Object.entries(options).flatMap(optionProblems)];
    if (problems.length > 0) throw new ConfigurationError(problems);
    return redisStore(options as RedisStoreOptions);
  },
};

function addressProblems(options: JsonObject): ConfigurationProblem[] {
  const given = ['url', 'cluster', 'sentinels'].filter((name) => options[name] !== undefined);
  if (given.length !== 1) return [{ place: given[1] ?? 'url', message: 'say where Redis is by exactly one of url, cluster and sentinels' }];
  if (options.sentinels !== undefined && options.master === undefined) return [{ place: 'master', message: 'the name of the master is missing' }];
  return [];
}

function optionProblems([name, value]: readonly [string, unknown]): ConfigurationProblem[] {
  const kind = OPTIONS[name];
  if (kind === undefined) {
    const suggestion = didYouMean(name, Object.keys(OPTIONS));
    return [{ place: name, message: 'is not an option.', ...(suggestion === undefined ? {} : { suggestion }) }];
  }
  return CHECKS[kind].holds(value) ? [] : [{ place: name, message: CHECKS[kind].says }];
}

function isSentinel(value: unknown): boolean {
  const { host, port } = (value ?? {}) as { readonly host?: unknown; readonly port?: unknown };
  return typeof host === 'string' && typeof port === 'number';
}
