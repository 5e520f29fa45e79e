import { createHash } from 'node:crypto';
import type { OidcOptions } from './options.ts';

const HOUR_MS = 3_600_000;

/** The options with all that follows from them. */
export type Settings = OidcOptions & {
  readonly name: string;
  readonly base: URL;
  /** Of the base, without a slash at its end. */
  readonly mount: string;
  readonly path: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly sessionMs: number;
  readonly idleMs: number;
  readonly loginsPerMinute: number;
  readonly clockToleranceMs: number;
  readonly timeoutMs: number;
  readonly afterLogin: string;
  /** Tells this use of a secret, and of a store, from every other. */
  readonly realm: string;
};

export function toSettings(options: OidcOptions): Settings {
  const { name = 'oidc', path = '/sso', baseUrl, issuer, clientId } = options;
  const base = new URL(baseUrl);
  const mount = base.pathname.replace(/\/+$/, '');
  return {
    ...options,
    name,
    base,
    mount,
    path,
    redirectUri: `${base.origin}${mount}${path}/callback`,
    scopes: options.scopes ?? ['openid', 'profile', 'email'],
    sessionMs: options.sessionMs ?? 12 * HOUR_MS,
    idleMs: options.idleMs ?? Math.min(HOUR_MS, options.sessionMs ?? HOUR_MS),
    loginsPerMinute: options.loginsPerMinute ?? 30,
    clockToleranceMs: options.clockToleranceMs ?? 30_000,
    timeoutMs: options.timeoutMs ?? 5_000,
    afterLogin: options.afterLogin ?? `${mount}/user/info`,
    realm: createHash('sha256')
      .update(JSON.stringify([name, issuer, clientId, base.origin, mount]))
      .digest('base64url')
      .slice(0, 16),
  };
}
