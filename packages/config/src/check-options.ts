import { ConfigurationError, type ConfigurationProblem, type GatewayOptions, validateOptions } from '@sluice/core';
import type { Findings } from './mistakes.ts';
import type { Path } from './yaml-source.ts';

/** Tells what the gateway itself would refuse, at the place in the file that it comes from. */
export function checkOptions(options: GatewayOptions, places: ReadonlyMap<string, number>, findings: Findings): void {
  // Models that are found later bring the names that aliases and fallbacks mean.
  if (options.models === undefined) return;
  for (const { place, message, suggestion } of problemsOf(options)) findings.mistake(pathOf(place, options.models, places), message, suggestion);
}

function problemsOf(options: GatewayOptions): readonly ConfigurationProblem[] {
  try {
    validateOptions(options);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

const KEY_FIELDS: Readonly<Record<string, string>> = { budgetNanoUsd: 'max_budget', expiresAt: 'expires' };

/** Where options are written, the longer names first. */
const PLACES: readonly (readonly [string, Path])[] = [
  ['access.allowFrom', ['general_settings', 'allowed_ips']],
  ['access.denyFrom', ['general_settings', 'blocked_ips']],
  ['access.publicRoutes', ['general_settings', 'public_routes']],
  ['access.adminRoutes', ['general_settings', 'admin_only_routes']],
  ['access.allowedRoutes', ['general_settings', 'allowed_routes']],
  ['access.enforcedParams', ['general_settings', 'enforced_params']],
  ['access.endUserHeaders', ['general_settings', 'user_header_name']],
  ['allowance.gateway.budgetWindow.length', ['general_settings', 'budget_duration']],
  ['allowance.gateway.budgetWindow.resetAt', ['general_settings', 'budget_reset_at']],
  ['allowance.gateway.budgetWindow.timeZone', ['general_settings', 'budget_time_zone']],
  ['allowance.gateway.budgetWindow', ['general_settings', 'budget_duration']],
  ['allowance.perUser', ['litellm_settings', 'internal_user_budget_duration']],
  ['allowance.perEndUser', ['litellm_settings', 'end_user_budget_duration']],
  ['router.defaultProvider', ['router_settings', 'default_provider']],
  ['budget.providers', ['router_settings', 'provider_budget_config']],
  ['budget.alertAt', ['general_settings', 'budget_alert_threshold']],
  ['budget.calendar.resetAt', ['general_settings', 'budget_reset_at']],
  ['management.defaults.key', ['litellm_settings', 'default_key_generate_params']],
  ['management.defaults.user', ['litellm_settings', 'default_internal_user_params']],
  ['management.defaults.team', ['litellm_settings', 'default_team_params']],
  ['management.mostOfKey', ['litellm_settings', 'upperbound_key_generate_params']],
  ['budget.calendar', ['general_settings', 'budget_time_zone']],
];

/** The index that a place ends with. */
function indexIn(place: string): Path {
  const [, index] = /\[(\d+)\]$/.exec(place) ?? [];
  return index === undefined ? [] : [Number(index)];
}

function pathOf(place: string, models: NonNullable<GatewayOptions['models']>, places: ReadonlyMap<string, number>): Path {
  const [, group, deployment = 0] = /^models\[(\d+)\](?:\.deployments\[(\d+)\])?/.exec(place) ?? [];
  const index = places.get(models[Number(group)]?.deployments[Number(deployment)]?.id ?? '');
  if (index !== undefined) return ['model_list', index, /\.(deployments\[|mirror\.)/.test(place) ? 'litellm_params' : 'model_name'];

  const [, key, field = ''] = /^keys\[(\d+)\]\.(\w+)/.exec(place) ?? [];
  if (key !== undefined) return ['keys', Number(key), KEY_FIELDS[field] ?? field];
  const [, alias] = /^aliases\.(.+)/.exec(place) ?? [];
  if (alias !== undefined) return ['router_settings', 'model_group_alias', alias];
  const written = PLACES.find(([ours]) => place === ours || place.startsWith(`${ours}.`) || place.startsWith(`${ours}[`));
  if (written) return [...written[1], ...indexIn(place)];
  if (place === 'masterKey') return ['general_settings', 'master_key'];
  if (place.startsWith('parameterRules')) return ['litellm_settings'];
  return [place.startsWith('router') ? 'router_settings' : 'general_settings'];
}
