import type { Standing } from '../admin-route.ts';

export const ADMIN: readonly Standing[] = ['proxy_admin'];
export const ADMIN_VIEW: readonly Standing[] = ['proxy_admin', 'proxy_admin_viewer'];
export const ORGANIZERS: readonly Standing[] = ['proxy_admin', 'org_admin'];
export const TEAM_LEADERS: readonly Standing[] = ['proxy_admin', 'org_admin', 'team_admin'];
/** Those who may do something for themselves. */
export const SELVES: readonly Standing[] = [...TEAM_LEADERS, 'internal_user'];
export const EVERY_PERSON: readonly Standing[] = [...SELVES, 'proxy_admin_viewer', 'internal_user_viewer'];
/** And keys that stand for nobody. */
export const EVERYBODY: readonly Standing[] = [...EVERY_PERSON, 'key'];
