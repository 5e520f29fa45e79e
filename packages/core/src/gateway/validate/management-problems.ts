import type { AdminRoute } from '../../admin/admin-route.ts';
import { ADMIN_ROUTES } from '../../admin/contract.ts';
import { AMOUNTS } from '../../admin/work/within-maker.ts';
import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import { allMisfits } from '../../requests/all-misfits.ts';
import { explain } from '../../requests/explain.ts';
import type { JsonObject } from '../../types/json.ts';
import type { ManagementRules } from '../../types/management-rules.ts';
import type { GatewayOptions } from '../options.ts';
import { type NamesOf, unknownIn } from './unknown-options.ts';
import { numberProblems } from './value-problems.ts';

const RULES: NamesOf<ManagementRules> = { defaults: true, mostOfKey: true, keysPerUser: true };
const DEFAULTS: NamesOf<NonNullable<ManagementRules['defaults']>> = { key: true, user: true, team: true };

/** What is wrong with what the new are given: it has to be what their routes take. */
export function managementProblems({ management: rules }: GatewayOptions): ConfigurationProblem[] {
  if (rules === undefined) return [];
  const { defaults = {}, mostOfKey, keysPerUser } = rules;
  return [
    ...unknownIn('management', rules, RULES),
    ...unknownIn('management.defaults', defaults, DEFAULTS),
    ...misfitsOf('management.defaults.key', ADMIN_ROUTES['key.generate'], defaults.key),
    ...misfitsOf('management.defaults.user', ADMIN_ROUTES['user.new'], defaults.user),
    ...misfitsOf('management.defaults.team', ADMIN_ROUTES['team.new'], defaults.team),
    ...mostProblems(mostOfKey),
    ...numberProblems('management', { keysPerUser }, { atLeast: 0 }),
  ];
}

/** What there can be a most of: amounts, and how long something lasts. */
const WITH_MOST = [...AMOUNTS, 'budget_duration', 'duration'];

function mostProblems(most: JsonObject | undefined): ConfigurationProblem[] {
  const place = 'management.mostOfKey';
  const misfits = misfitsOf(place, ADMIN_ROUTES['key.generate'], most);
  const others = Object.entries(most ?? {}).flatMap(([field, value]): ConfigurationProblem[] => {
    if (value === undefined || misfits.some((misfit) => misfit.place.startsWith(`${place}.${field}`))) return [];
    if (!WITH_MOST.includes(field)) return [{ place: `${place}.${field}`, message: `There is no most of this, only of ${WITH_MOST.join(', ')}.` }];
    return value === null ? [{ place: `${place}.${field}`, message: 'null bounds nothing: leave it out.' }] : [];
  });
  return [...misfits, ...others];
}

function misfitsOf(place: string, { input }: AdminRoute, body: JsonObject | undefined): ConfigurationProblem[] {
  if (body === undefined) return [];
  return allMisfits(input, body).map((misfit) => {
    const { param, message } = explain(misfit, body);
    return { place: `${place}.${param}`, message };
  });
}
