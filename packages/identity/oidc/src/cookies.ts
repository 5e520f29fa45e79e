import type { Settings } from './settings.ts';

/** A cookie for the browser that has just asked. Scripts cannot read it; pages of other sites have it sent only by going somewhere. */
export type CookieSpec = { readonly name: string; readonly path: string; readonly isSecure: boolean };

/**
 * Where the gateway has its host for itself no neighbouring site can set the cookie either, which takes the path `/`.
 * Below a mount it is sent to the gateway only, and to nothing else at the host.
 */
export function sessionCookie({ name, base, mount }: Settings): CookieSpec {
  const isSecure = base.protocol === 'https:';
  const prefix = isSecure ? (mount === '' ? '__Host-' : '__Secure-') : '';
  return { name: `${prefix}sluice-${name}`, path: mount === '' ? '/' : mount, isSecure };
}

/**
 * Only the way back from the issuer needs it, but who else at the host sees it can do nothing with it, and a neighbouring
 * site that could set it would have people log in as somebody else.
 */
export function loginCookie({ name, base, mount, path }: Settings): CookieSpec {
  return base.protocol === 'https:'
    ? { name: `__Host-sluice-${name}-login`, path: '/', isSecure: true }
    : { name: `sluice-${name}-login`, path: `${mount}${path}/callback`, isSecure: false };
}

/** Without a value it is taken away. */
export function setCookie({ name, path, isSecure }: CookieSpec, value: string, maxAgeMs = 0): string {
  return `${name}=${value}; Path=${path}; Max-Age=${Math.floor(maxAgeMs / 1000)}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
}
