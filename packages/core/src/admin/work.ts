import type { AdminContract } from './contract.ts';
import type { Work } from './desk.ts';
import { activityWork } from './work/activity-work.ts';
import { auditWork } from './work/audit-work.ts';
import { credentialWork } from './work/credential-work.ts';
import { globalSpendWork } from './work/global-spend-work.ts';
import { keyWork } from './work/key-work.ts';
import { modelWork } from './work/model-work.ts';
import { organizationWork } from './work/organization-work.ts';
import { projectWork } from './work/project-work.ts';
import { accessGroupWork, budgetWork, customerWork, tagWork } from './work/shared-work.ts';
import { spendWork } from './work/spend-work.ts';
import { teamWork } from './work/team-work.ts';
import { userWork } from './work/user-work.ts';

/** What is done for every route there is; the compiler misses none. */
export const WORK: Work<AdminContract> = {
  ...keyWork,
  ...userWork,
  ...teamWork,
  ...organizationWork,
  ...projectWork,
  ...customerWork,
  ...budgetWork,
  ...tagWork,
  ...accessGroupWork,
  ...auditWork,
  ...modelWork,
  ...credentialWork,
  ...spendWork,
  ...globalSpendWork,
  ...activityWork,
};
