import type { AdminRoute } from '../../admin/admin-route.ts';
import { ADMIN_ROUTES } from '../../admin/contract.ts';
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
    ...misfitsOf('management.mostOfKey', ADMIN_ROUTES['key.generate'], mostOfKey),
    ...numberProblems('management', { keysPerUser }, { atLeast: 0 }),
  ];
}

function misfitsOf(place: string, { input }: AdminRoute, body: JsonObject | undefined): ConfigurationProblem[] {
  if (body === undefined) return [];
  return allMisfits(input, body).map((misfit) => {
    const { param, message } = explain(misfit, body);
    return { place: `${place}.${param}`, message };
  });
}
