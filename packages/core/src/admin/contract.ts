import { ACTIVITY_ROUTES } from './contract/activity-routes.ts';
import { AUDIT_ROUTES } from './contract/audit-routes.ts';
import { GLOBAL_SPEND_ROUTES } from './contract/global-spend-routes.ts';
import { KEY_ROUTES } from './contract/key-routes.ts';
import { CREDENTIAL_ROUTES, MODEL_ROUTES } from './contract/model-routes.ts';
import { ORGANIZATION_ROUTES, PROJECT_ROUTES } from './contract/organization-routes.ts';
import { ACCESS_GROUP_ROUTES } from './contract/access-group-routes.ts';
import { BUDGET_ROUTES, CUSTOMER_ROUTES, TAG_ROUTES } from './contract/shared-routes.ts';
import { SPEND_ROUTES } from './contract/spend-routes.ts';
import { TEAM_ROUTES } from './contract/team-routes.ts';
import { USER_ROUTES } from './contract/user-routes.ts';

/** Every management route there is. */
export const ADMIN_ROUTES = {
  ...KEY_ROUTES,
  ...USER_ROUTES,
  ...TEAM_ROUTES,
  ...ORGANIZATION_ROUTES,
  ...PROJECT_ROUTES,
  ...CUSTOMER_ROUTES,
  ...BUDGET_ROUTES,
  ...TAG_ROUTES,
  ...ACCESS_GROUP_ROUTES,
  ...AUDIT_ROUTES,
  ...MODEL_ROUTES,
  ...CREDENTIAL_ROUTES,
  ...SPEND_ROUTES,
  ...GLOBAL_SPEND_ROUTES,
  ...ACTIVITY_ROUTES,
};

export type AdminContract = typeof ADMIN_ROUTES;
export type AdminRouteName = keyof AdminContract;

const REPORTS: ReadonlySet<string> = new Set(Object.keys({ ...SPEND_ROUTES, ...GLOBAL_SPEND_ROUTES, ...ACTIVITY_ROUTES }));

/** Whether a route tells what the ledger knows, whoever there may be. */
export function isReport(name: AdminRouteName): boolean {
  return REPORTS.has(name);
}
