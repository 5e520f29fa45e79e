import { type GatewayOptions, perMillion, type Price, secret } from '@sluice/core';
import type { Findings } from './mistakes.ts';
import type { ConfigFile } from './schema/config-file.ts';
import { PLANNED_CACHES } from './schema/unsupported-keys.ts';
import { toAccess } from './to-access.ts';
import { toAllowances } from './to-allowances.ts';
import { toMs } from './to-ms.ts';

const MIB = 1024 * 1024;

type Governance = Pick<
  GatewayOptions,
  | 'masterKey'
  | 'access'
  | 'allowance'
  | 'budget'
  | 'limits'
  | 'cache'
  | 'prices'
  | 'bodyLimitBytes'
  | 'fileLimitBytes'
  | 'takesForeignFileIds'
  | 'batches'
  | 'maxAnswerBytes'
  | 'media'
>;

/** Who may call, how often, at what cost and with what sizes. */
export function toGovernance(file: ConfigFile, findings: Findings): Governance {
  const { general_settings: general = {} } = file;
  const cache = toCache(file, findings);
  if (general.track_spend === false) findings.notYet(['general_settings', 'track_spend'], 'switching it off');
  return {
    ...(general.master_key === undefined ? {} : { masterKey: secret(general.master_key) }),
    ...toAllowances(file),
    ...toAccess(file, findings),
    ...(cache === undefined ? {} : { cache }),
    ...(general.cost_per_token && { prices: toPrices(general.cost_per_token) }),
    ...(general.max_request_size_mb === undefined ? {} : { bodyLimitBytes: Math.floor(general.max_request_size_mb * MIB) }),
    ...(general.max_file_size_mb === undefined ? {} : { fileLimitBytes: Math.floor(general.max_file_size_mb * MIB) }),
    ...(general.takes_foreign_file_ids === undefined ? {} : { takesForeignFileIds: general.takes_foreign_file_ids }),
    ...toBatches(general),
    ...(general.max_response_size_mb === undefined ? {} : { maxAnswerBytes: Math.floor(general.max_response_size_mb * MIB) }),
    ...(file.media && { media: toMedia(file.media) }),
  };
}

function toBatches({
  background_batch_checks: looks = true,
  batch_check_interval: interval,
  batch_overdue_after: overdue,
}: NonNullable<ConfigFile['general_settings']>): Pick<Governance, 'batches'> {
  const lookEveryMs = looks ? interval && toMs(interval) : false;
  const overdueAfterMs = overdue === undefined ? undefined : toMs(overdue);
  if (lookEveryMs === undefined && overdueAfterMs === undefined) return {};
  return { batches: { ...(lookEveryMs !== undefined && { lookEveryMs }), ...(overdueAfterMs !== undefined && { overdueAfterMs }) } };
}

function toMedia({ fetch, allow_hosts: allowHosts, max_size_mb: sizeMb, timeout }: NonNullable<ConfigFile['media']>): NonNullable<GatewayOptions['media']> {
  if (fetch === false) return false;
  return {
    ...(allowHosts && { allowHosts }),
    ...(sizeMb === undefined ? {} : { maxBytes: Math.floor(sizeMb * MIB) }),
    ...(timeout === undefined ? {} : { timeoutMs: toMs(timeout) }),
  };
}

/** LiteLLM's names of operations, with the `a` of its asynchronous functions. */
const CALL_TYPES: Readonly<Record<string, string>> = {
  completion: 'chat',
  text_completion: 'completions',
  embedding: 'embeddings',
  moderation: 'moderations',
  rerank: 'rerank',
  ocr: 'ocr',
};

function toCache(file: ConfigFile, findings: Findings): GatewayOptions['cache'] {
  for (const section of ['litellm_settings', 'general_settings'] as const) {
    const { cache, cache_params: params = {}, cache_type } = file[section] ?? {};
    const type = params.type ?? cache_type ?? 'local';
    if (cache === undefined && file[section]?.cache_params === undefined) continue;
    if (type !== 'local' && type !== 'redis') {
      const path = [section, ...(params.type === undefined ? ['cache_type'] : ['cache_params', 'type'])];
      if (PLANNED_CACHES.has(type)) findings.notYet(path, `the cache '${type}'`);
      else findings.mistake(path, `unknown cache '${type}'`, `Known are local, redis, ${[...PLANNED_CACHES].join(', ')}.`);
    }
    if (cache !== true) return false;
    const operations = params.supported_call_types?.map((name) => CALL_TYPES[name.replace(/^a/, '')] ?? CALL_TYPES[name] ?? name);
    return params.ttl === undefined && !operations
      ? true
      : { ...(params.ttl === undefined ? {} : { ttlMs: toMs(params.ttl) }), ...(operations && { operations }) };
  }
  return undefined;
}

function toPrices(costs: Readonly<Record<string, number>>): Record<string, Price> {
  return Object.fromEntries(Object.entries(costs).map(([model, usd]) => [model, { input: perMillion(usd), output: perMillion(usd) }]));
}
