import type { ClaimRules } from '@sluice/core';

export type OidcOptions = ClaimRules & {
  /** Names its people in records, and its cookies. Default `oidc`. Two identities in one gateway want two names. */
  readonly name?: string;
  /** Who people log in at, as it calls itself: `https://id.example.com/realms/main`. It is asked for everything else. */
  readonly issuer: string;
  readonly clientId: string;
  /** Without one this is a public client, which PKCE alone protects. */
  readonly clientSecret?: string;
  /** Where browsers find the gateway, with the path that it is mounted at: `https://app.example.com/ai`. */
  readonly baseUrl: string;
  /** Seals cookies, and has at least 32 characters. Of several the first seals, and the others still open. */
  readonly secret: string | readonly string[];
  /** Where its pages are below the gateway: `login`, `callback` and `logout`. Default `/sso`. */
  readonly path?: string;
  /** What is asked for. Default `openid`, `profile` and `email`. */
  readonly scopes?: readonly string[];
  /** Further parameters of the login, such as `{ prompt: 'select_account' }`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Whether the issuer vouches for all emails that it names, although it does not say `email_verified`. Default false. */
  readonly trustsEmails?: boolean;
  /** How long a session lasts at most, and without a call. Default 12 hours, and one. */
  readonly sessionMs?: number;
  readonly idleMs?: number;
  /** How many logins a minute may begin, and end, at one address. Default 30. */
  readonly loginsPerMinute?: number;
  /** Where people go who did not say: a path at the same host. Default: `/user/info` of the gateway. */
  readonly afterLogin?: string;
  /** Where the issuer sends people back to after a logout, which it has to know. Default: nowhere. */
  readonly afterLogout?: string;
  /** By how much clocks may differ, in milliseconds. Default 30 seconds. */
  readonly clockToleranceMs?: number;
  /** Longest wait for one answer of the issuer's. Default 5 seconds. */
  readonly timeoutMs?: number;
  /** Lets `issuer` and `baseUrl` be `http:` elsewhere than on this machine: whoever stands in between can then be anybody. */
  readonly allowHttp?: boolean;
};
