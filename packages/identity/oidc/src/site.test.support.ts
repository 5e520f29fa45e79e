import { createServer, type Server } from 'node:http';
import {
  type CallRecord,
  type DirectoryStore,
  type GatewayOptions,
  memoryDirectoryStore,
  memoryStore,
  type ObjectKind,
  type JsonObject,
  type Store,
} from '@sluice/core';
import { type NodeGateway, nodeGateway } from '@sluice/core/node';
import { Browser } from './browser.test.support.ts';
import { CLIENT, listening, testIssuer, type TestIssuer } from './issuer.test.support.ts';
import { oidc } from './oidc.ts';
import type { OidcOptions } from './options.ts';

export const SECRET = 'a-secret-of-at-least-32-characters-0';
export const MASTER_KEY = 'sk-0123456789abcdef';

/** A gateway below `/ai` of a server on this machine, whose people log in at a real provider. */
export type Site = {
  readonly url: string;
  readonly issuer: TestIssuer;
  readonly gateway: NodeGateway;
  readonly directory: DirectoryStore;
  readonly store: Store;
  /** All that was told to logs: errors and records. */
  readonly told: unknown[];
  /** Whoever `issuer.person` is, logged in; answers where that has led. */
  login(browser?: Browser, query?: string): Promise<{ readonly browser: Browser; readonly response: Response }>;
  put(kind: ObjectKind, id: string, body: JsonObject | undefined): Promise<void>;
  close(): Promise<void>;
};

export async function site(options: Partial<OidcOptions> = {}, more: Partial<GatewayOptions> = {}): Promise<Site> {
  const server: Server = createServer();
  const url = `${await listening(server)}/ai`;
  const issuer = await testIssuer(url);
  const told: unknown[] = [];
  const directory = memoryDirectoryStore();
  const store = more.store ?? memoryStore();
  const gateway = nodeGateway({
    masterKey: MASTER_KEY,
    models: [],
    directory,
    store,
    identities: [oidc({ issuer: issuer.url, clientId: CLIENT.id, clientSecret: CLIENT.secret, baseUrl: url, secret: SECRET, makesUsers: true, ...options })],
    sinks: [{ name: 'list', write: (records: readonly CallRecord[]) => void told.push(...records) }],
    onError: (error) => void told.push(error),
    ...more,
  });
  server.on('request', gateway.handler(undefined, { path: '/ai' }));

  return {
    url,
    issuer,
    gateway,
    directory,
    store,
    told,
    async login(browser = new Browser(), query = '') {
      return { browser, response: await browser.go(`${url}/sso/login${query}`) };
    },
    async put(kind, id, body) {
      const now = (await directory.changesSince(0)).find((object) => object.kind === kind && object.id === id);
      await directory.write([{ kind, id, body: body && { ...now?.body, ...body }, from: now?.revision ?? 0 }], []);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await gateway.close();
      await issuer.close();
    },
  };
}

/** Whom a session stands for, as the gateway says it; or the code of the refusal. */
export async function whoIs(browser: Browser, url: string): Promise<{ readonly user_id?: string; readonly code?: string; readonly role?: unknown }> {
  const response = await browser.call(`${url}/user/info`);
  const { user_id, user_info, error } = (await response.json()) as { user_id?: string; user_info?: { user_role?: unknown }; error?: { code: string } };
  return error ? { code: error.code } : { ...(user_id !== undefined && { user_id }), role: user_info?.user_role };
}
