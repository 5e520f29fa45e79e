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

function pathOf(place: string, models: NonNullable<GatewayOptions['models']>, places: ReadonlyMap<string, number>): Path {
  const [, group, deployment = 0] = /^models\[(\d+)\](?:\.deployments\[(\d+)\])?/.exec(place) ?? [];
  const index = places.get(models[Number(group)]?.deployments[Number(deployment)]?.id ?? '');
  if (index !== undefined) return ['model_list', index, /\.(deployments\[|mirror\.)/.test(place) ? 'litellm_params' : 'model_name'];

  const [, key, field = ''] = /^keys\[(\d+)\]\.(\w+)/.exec(place) ?? [];
  if (key !== undefined) return ['keys', Number(key), KEY_FIELDS[field] ?? field];
  const [, alias] = /^aliases\.(.+)/.exec(place) ?? [];
  if (alias !== undefined) return ['router_settings', 'model_group_alias', alias];
  if (place === 'masterKey') return ['general_settings', 'master_key'];
  if (place.startsWith('parameterRules')) return ['litellm_settings'];
  return [place.startsWith('router') ? 'router_settings' : 'general_settings'];
}
