import { type GatewayOptions, isRoute } from '@sluice/core';
import type { Findings } from './mistakes.ts';
import type { ConfigFile } from './schema/config-file.ts';

/** What is asked of calls besides a key. */
export function toAccess({ general_settings: general = {}, litellm_settings: litellm = {} }: ConfigFile, findings: Findings): Pick<GatewayOptions, 'access'> {
  const enforced = [...(general.enforce_user_param ? ['user'] : []), ...(general.enforced_params ?? [])];
  const publicRoutes = [...(general.public_routes ?? []), ...(litellm.require_auth_for_metrics_endpoint === false ? ['/metrics'] : [])];
  const access = {
    ...(general.allowed_ips && { allowFrom: general.allowed_ips }),
    ...(general.blocked_ips?.length && { denyFrom: general.blocked_ips }),
    ...(publicRoutes.length > 0 && { publicRoutes }),
    ...(general.admin_only_routes && { adminRoutes: adminRoutes(general.admin_only_routes, findings) }),
    ...(general.allowed_routes && { allowedRoutes: general.allowed_routes }),
    ...(enforced.length > 0 && { enforcedParams: [...new Set(enforced)] }),
    ...(general.user_header_name !== undefined && { endUserHeaders: [general.user_header_name] }),
  };
  return Object.keys(access).length === 0 ? {} : { access };
}

/** Routes of LiteLLM's that nobody can use here, so that nobody has to be kept from them. */
const NOT_HERE = ['/spend', '/global'];

/** Routes are called after one of what they are about; `/users` means those of users. */
function adminRoutes(written: readonly string[], findings: Findings): string[] {
  return written.flatMap((route, index) => {
    const path = ['general_settings', 'admin_only_routes', index];
    if (isRoute(route)) return [route];
    const singular = route.replace(/s$/, '');
    if (isRoute(singular)) {
      findings.note(path, `means ${singular} and all below it`);
      return [singular];
    }
    if (!NOT_HERE.some((known) => route === known || route.startsWith(`${known}/`))) return [route];
    findings.note(path, 'is a route that is not here, for nobody');
    return [];
  });
}
