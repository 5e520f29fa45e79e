import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { litellmModelReader } from '@sluice/config';
import {
  createGateway,
  type DirectoryStore,
  type Gateway,
  issueKey,
  type JsonObject,
  memoryDirectoryStore,
  type ObjectKind,
  type StoredObject,
} from '@sluice/core';
import type { Standing } from '@sluice/core/admin';
import { sqlLedger } from '@sluice/store-sql';
import { provider } from '@sluice/provider-openai';

const SALT = 'a salt that is long enough';

type Entry = readonly [kind: ObjectKind, id: string, body: JsonObject];

/** Two organizations with a team each, and a team of nobody's. Everything called foreign is in the second or in none. */
const PEOPLE: readonly Entry[] = [
  [
    'organization',
    'O',
    { members: seats('user_role', { lead: 'org_admin', head: 'internal_user', member: 'internal_user', watcher: 'internal_user_viewer' }) },
  ],
  ['organization', 'P', { members: seats('user_role', { stranger: 'internal_user', chief: 'org_admin' }) }],
  ['team', 'T', { organization_id: 'O', models: ['m'], members_with_roles: seats('role', { head: 'admin', member: 'user', watcher: 'user' }) }],
  ['team', 'U', { organization_id: 'P', models: ['m'], members_with_roles: seats('role', { stranger: 'user' }) }],
  ['team', 'V', { models: ['m'], members_with_roles: seats('role', { outsider: 'admin' }) }],
  ['project', 'PT', { team_id: 'T' }],
  ['project', 'PU', { team_id: 'U' }],
  ['user', 'root', { user_role: 'proxy_admin' }],
  ['user', 'janitor', { user_role: 'proxy_admin' }],
  ['user', 'viewer', { user_role: 'proxy_admin_viewer' }],
  ['user', 'lead', { user_role: 'internal_user' }],
  ['user', 'head', { user_role: 'internal_user' }],
  ['user', 'member', { user_role: 'internal_user' }],
  ['user', 'watcher', { user_role: 'internal_user_viewer' }],
  ['user', 'stranger', { user_role: 'internal_user' }],
  ['budget', 'B', { max_budget: 1 }],
  ['tag', 'G', { description: 'g' }],
  ['end_user', 'C', { alias: 'c' }],
  ['access_group', 'A', { model_names: ['m'] }],
  ['credential', 'K', { credential_values: {} }],
  ['model', 'D', { model_name: 'm', litellm_params: { model: 'openai/gpt-4o', api_key: 'x' }, model_info: { id: 'D' } }],
  ['key', 'member-in-T', { user_id: 'member', team_id: 'T', key_name: 'sk-...1' }],
  ['key', 'service-of-T', { team_id: 'T', key_name: 'sk-...2' }],
  ['key', 'stranger-in-U', { user_id: 'stranger', team_id: 'U', key_name: 'sk-...3' }],
  ['key', 'service-of-U', { team_id: 'U', key_name: 'sk-...4' }],
];

/** Who calls: each with a key of their own, named like them. `nobody` is a key that stands for no person. */
export const ACTORS = ['root', 'viewer', 'lead', 'head', 'member', 'watcher', 'stranger', 'nobody'] as const;
export type ActorName = (typeof ACTORS)[number];

export const IDS: Readonly<Partial<Record<ObjectKind, readonly string[]>>> = {
  key: [...ACTORS, 'member-in-T', 'service-of-T', 'stranger-in-U', 'service-of-U'],
  user: ['root', 'viewer', 'lead', 'head', 'member', 'watcher', 'stranger'],
  team: ['T', 'U', 'V'],
  organization: ['O', 'P'],
  project: ['PT', 'PU'],
  budget: ['B'],
  tag: ['G'],
  end_user: ['C'],
  access_group: ['A'],
  model: ['D'],
  credential: ['K'],
};

const IN_T: Readonly<Partial<Record<ObjectKind, readonly string[]>>> = { team: ['T'], project: ['PT'], key: ['member-in-T', 'service-of-T'] };

/** Written down by hand and not worked out by the code that is tested: what each is to which objects. */
const HELD: Readonly<Record<ActorName, Readonly<Partial<Record<Standing, Readonly<Partial<Record<ObjectKind, readonly string[]>>> | 'all'>>>>> = {
  root: { proxy_admin: 'all', key: { key: ['root'] } },
  viewer: { proxy_admin_viewer: 'all', key: { key: ['viewer'] } },
  lead: {
    org_admin: { ...IN_T, organization: ['O'], user: ['lead', 'head', 'member', 'watcher'] },
    internal_user: { user: ['lead'], key: ['lead'], organization: ['O'] },
    key: { key: ['lead'] },
  },
  head: { team_admin: IN_T, internal_user: { user: ['head'], key: ['head'], team: ['T'], project: ['PT'], organization: ['O'] }, key: { key: ['head'] } },
  member: {
    internal_user: { user: ['member'], key: ['member', 'member-in-T'], team: ['T'], project: ['PT'], organization: ['O'] },
    key: { key: ['member'] },
  },
  watcher: { internal_user_viewer: { user: ['watcher'], key: ['watcher'], team: ['T'], project: ['PT'], organization: ['O'] }, key: { key: ['watcher'] } },
  stranger: {
    internal_user: { user: ['stranger'], key: ['stranger', 'stranger-in-U'], team: ['U'], project: ['PU'], organization: ['P'] },
    key: { key: ['stranger'] },
  },
  nobody: { key: { key: ['nobody'] } },
};

export function standingsOf(actor: ActorName): readonly Standing[] {
  return Object.keys(HELD[actor]) as Standing[];
}

/** By which of these standings an actor reaches an object. */
export function heldAt(actor: ActorName, who: readonly Standing[], kind: ObjectKind, id: string): readonly Standing[] {
  return who.filter((standing) => {
    const held = HELD[actor][standing];
    return held === 'all' || held?.[kind]?.includes(id);
  });
}

export type World = {
  readonly gateway: Gateway;
  readonly keys: Readonly<Record<ActorName, string>>;
  send(actor: ActorName, method: string, path: string, input: JsonObject): Promise<{ readonly status: number; readonly body: unknown }>;
  /** What is not as it was at first. */
  changes(): Promise<readonly StoredObject[]>;
  restore(): Promise<void>;
  bodyOf(kind: ObjectKind, id: string): JsonObject | undefined;
};

/** A gateway in that world. What a call has changed can be seen, and undone. */
export async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-world-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const store: DirectoryStore = memoryDirectoryStore();
  const issued = Object.fromEntries(ACTORS.map((name) => [name, issueKey(SALT)]));
  // Nobody aims at this one, so it is there to have the gateway see what was restored.
  const janitor = issueKey(SALT);
  const own: Entry[] = ACTORS.map((name): Entry => ['key', name, { ...issued[name]?.stored, ...(name !== 'nobody' && { user_id: name }) }]);
  own.push(['key', 'janitor', { ...janitor.stored, user_id: 'janitor' }]);
  await store.write(
    [...PEOPLE, ...own].map(([kind, id, body]) => ({ kind, id, body, from: 0 })),
    [],
  );
  const first = new Map((await store.changesSince(0)).map((object) => [`${object.kind} ${object.id}`, object]));
  const gateway = createGateway({
    directory: store,
    saltKey: SALT,
    models: [],
    providers: provider.providers,
    modelReader: litellmModelReader(),
    ledger: sqlLedger({ url: join(folder, 'ledger.db'), journalDir: join(folder, 'journal') }),
    onError: () => undefined,
  });
  const keys = Object.fromEntries(ACTORS.map((name) => [name, issued[name]?.key ?? ''])) as Record<ActorName, string>;

  async function changes(): Promise<readonly StoredObject[]> {
    const now = await store.changesSince(0);
    return now.filter(({ kind, id, body }) => JSON.stringify(body) !== JSON.stringify(first.get(`${kind} ${id}`)?.body));
  }

  return {
    gateway,
    keys,
    changes,
    async send(actor, method, path, input) {
      const isRead = method === 'GET' || method === 'HEAD';
      const query = isRead ? `?${new URLSearchParams(Object.entries(input).map(([name, value]): [string, string] => [name, String(value)]))}` : '';
      const response = await gateway.fetch(`http://sluice${path}${query}`, {
        method,
        headers: { authorization: `Bearer ${keys[actor]}`, 'content-type': 'application/json' },
        ...(isRead ? {} : { body: JSON.stringify(input) }),
      });
      const text = await response.text();
      return { status: response.status, body: response.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : text };
    },
    async restore() {
      const changed = await changes();
      await store.write(
        changed.map(({ kind, id, body, revision }) => ({ kind, id, body: first.get(`${kind} ${id}`)?.body, from: body === undefined ? 0 : revision })),
        [],
      );
      if (changed.length > 0) await gateway.fetch('http://sluice/budget/list', { headers: { authorization: `Bearer ${janitor.key}` } });
    },
    bodyOf: (kind, id) => first.get(`${kind} ${id}`)?.body,
  };
}

function seats(field: string, people: Readonly<Record<string, string>>): JsonObject[] {
  return Object.entries(people).map(([user_id, seat]) => ({ user_id, [field]: seat }));
}
