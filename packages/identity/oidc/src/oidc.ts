import { ConfigurationError, defineIdentity, type Identity, type IdentityAnswer, type Visit } from '@sluice/core';
import { callback } from './callback.ts';
import { sessionCookie } from './cookies.ts';
import { issuerOf } from './issuer.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import type { OidcOptions } from './options.ts';
import type { Parts } from './parts.ts';
import { findProblems } from './problems.ts';
import { seal } from './seal.ts';
import { sessions } from './sessions.ts';
import { toSettings } from './settings.ts';

/**
 * People who log in at an OpenID provider, with sessions in cookies.
 * @throws ConfigurationError naming every mistake.
 *
 * @example
 * gateway({ identities: [oidc({ issuer: 'https://id.example.com', clientId: 'gateway', clientSecret, baseUrl: 'https://ai.example.com', secret })] });
 */
export function oidc(options: OidcOptions): Identity {
  const problems = findProblems(options);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const settings = toSettings(options);
  const sealed = seal([options.secret].flat(), settings.realm);
  const parts: Parts = { settings, seal: sealed, issuer: issuerOf(settings), sessions: sessions(sealed, settings) };
  const beginning = sealed.beginning('session');
  const page = (answer: (parts: Parts, visit: Visit) => Promise<IdentityAnswer>) => (visit: Visit) => answer(parts, visit);
  return defineIdentity({
    name: settings.name,
    recognizes: (credential) => credential.startsWith(beginning),
    identify: ({ credential, store }) => parts.sessions.find(credential, store),
    cookie: { name: sessionCookie(settings).name, origin: settings.base.origin },
    routes: [
      { method: 'GET', path: `${settings.path}/login`, answer: page(login) },
      { method: 'GET', path: `${settings.path}/callback`, answer: page(callback) },
      { method: 'POST', path: `${settings.path}/logout`, answer: page(logout) },
    ],
  });
}
