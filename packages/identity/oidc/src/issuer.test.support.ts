import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@sluice/core';
import { type Configuration, Provider } from 'oidc-provider';

/** A real OpenID provider on this machine. */
export type TestIssuer = {
  readonly url: string;
  /** Who logs in next, and what is told of them. */
  person: { readonly sub: string } & JsonObject;
  /** Whether the next login is refused by whom it is asked of. */
  refuses: boolean;
  close(): Promise<void>;
};

export const CLIENT = { id: 'gateway', secret: 'client-secret-0123456789abcdef0123456789' };

export async function testIssuer(gatewayUrl: string, more: Configuration = {}): Promise<TestIssuer> {
  const server = createServer();
  const url = await listening(server);
  const configuration: Configuration = {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${gatewayUrl}/sso/callback`],
        post_logout_redirect_uris: [`${gatewayUrl}/bye`],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['groups', 'realm_access'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ['only-for-tests'] },
    ttl: { Interaction: 60, Grant: 600, Session: 600, AccessToken: 60, IdToken: 600, AuthorizationCode: 60 },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...state.person, sub }) }),
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: CLIENT.id, accountId: ctx.oidc.session?.accountId ?? '' });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
    ...more,
  };
  const provider = withoutWarnings(() => new Provider(url, configuration));
  const listener = provider.callback();
  server.on('request', (req, res) => {
    if (!req.url?.startsWith('/interaction/')) return void listener(req, res);
    const result = state.refuses ? { error: 'access_denied', error_description: 'secret words of the issuer' } : { login: { accountId: state.person.sub } };
    return void provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
  });
  const state: TestIssuer = {
    url,
    person: { sub: 'ann-1', email: 'ann@example.com', email_verified: true },
    refuses: false,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return state;
}

export async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** It says at length that it is not meant to be used like this. */
function withoutWarnings<T>(make: () => T): T {
  const { warn, info } = console;
  Object.assign(console, { warn: () => undefined, info: () => undefined });
  try {
    return make();
  } finally {
    Object.assign(console, { warn, info });
  }
}
