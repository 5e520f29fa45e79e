import { afterEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import type { ObjectKind } from '../types/directory.ts';
import type { Identified, Person } from '../types/identity.ts';
import type { JsonObject } from '../types/json.ts';
import { declaredDirectory } from './declared-directory.ts';
import { Directory } from './directory.ts';
import { memoryDirectoryStore } from './memory-directory-store.ts';
import { signIn } from './sign-in.ts';

const directories: Directory[] = [];
afterEach(async () => {
  for (const directory of directories.splice(0)) await directory.close();
});

async function directoryOf(objects: readonly (readonly [ObjectKind, string, JsonObject])[], store = memoryDirectoryStore()): Promise<Directory> {
  await store.write(
    objects.map(([kind, id, body]) => ({ kind, id, body, from: 0 })),
    [],
  );
  const directory = new Directory({ store, onError: () => undefined });
  directories.push(directory);
  return directory;
}

const MAKE: Identified['absent'] = { user: { make: { user_role: 'internal_user' } }, team: 'refuse' };
const ann = (more: Partial<Person> = {}): Person => ({
  identified: { keyId: 'oidc/user/s-1', userId: 's-1', absent: MAKE },
  subject: 's-1',
  email: 'ann@example.com',
  ...more,
});

async function codeOf(signing: Promise<unknown>): Promise<string> {
  return signing.then(
    () => 'signed in',
    (error: unknown) => GatewayError.from(error).code,
  );
}

describe('who logs in', () => {
  it('is made, and told from then on by the subject', async () => {
    const directory = await directoryOf([]);
    const first = await signIn(ann(), directory, 0, true);
    expect(first).toEqual({
      keyId: 'oidc/user/s-1',
      userId: 's-1',
      userMadeAt: new Date(0).toISOString(),
      absent: { user: 'refuse', team: 'refuse', organization: 'refuse' },
    });
    expect(directory.get('user', 's-1')?.body).toMatchObject({ sso_user_id: 's-1', user_role: 'internal_user' });
    expect(await signIn(ann({ identified: { keyId: 'k', userId: 'other name', absent: MAKE } }), directory, 0, true)).toMatchObject({ userId: 's-1' });
    expect(directory.all('user')).toHaveLength(1);
  });

  it('is whom an administrator has put there with their email, once', async () => {
    const directory = await directoryOf([['user', 'u-1', { user_email: 'ANN@example.com', created_by: 'admin' }]]);
    const all = await Promise.all([signIn(ann(), directory, 0, true), signIn(ann(), directory, 0, true), signIn(ann(), directory, 0, true)]);
    expect(all.map(({ userId }) => userId)).toEqual(['u-1', 'u-1', 'u-1']);
    expect((await directory.auditTrail({ limit: 9 })).map(({ action, objectId }) => [action, objectId])).toEqual([['updated', 'u-1']]);
    const other = ann({ subject: 's-2', identified: { keyId: 'k', userId: 's-2', absent: MAKE } });
    expect(await signIn(other, directory, 0, true)).toMatchObject({ userId: 's-2' });
  });

  it('is nobody who has come by themselves with that email, nor who has another subject', async () => {
    const directory = await directoryOf([
      ['user', 'early', { user_email: 'ann@example.com', created_by: 'early' }],
      ['user', 's-3', { sso_user_id: 'somebody-else' }],
    ]);
    expect(await signIn(ann(), directory, 0, true)).toMatchObject({ userId: 's-1' });
    const taken = ann({ subject: 's-9', email: undefined, identified: { keyId: 'k', userId: 's-3', absent: MAKE } });
    expect(await codeOf(signIn(taken, directory, 0, true))).toBe('object_exists');
  });

  it('is nobody by an id alone where several logins name ids', async () => {
    const directory = await directoryOf([['user', 's-1', { user_email: 'ann@example.com', created_by: 'admin' }]]);
    expect(await codeOf(signIn(ann({ subject: 'other#s-1', email: undefined }), directory, 0, false))).toBe('object_exists');
    expect(await codeOf(signIn(ann({ subject: 'other#s-1', email: 'eve@example.com' }), directory, 0, false))).toBe('object_exists');
    expect(await signIn(ann({ subject: 'one#s-1' }), directory, 0, false)).toMatchObject({ userId: 's-1' });
    expect(await signIn(ann({ subject: 'one#s-1', email: undefined }), directory, 0, false)).toMatchObject({ userId: 's-1' });
    expect(await codeOf(signIn(ann({ subject: 'other#s-1' }), directory, 0, false))).toBe('object_exists');
  });

  it('is one person, where two of the same id come at once', async () => {
    const store = memoryDirectoryStore();
    const directories = [await directoryOf([], store), await directoryOf([], store)] as const;
    const codes = await Promise.all([
      codeOf(signIn(ann({ subject: 'one#s-1', email: undefined }), directories[0], 0, false)),
      codeOf(signIn(ann({ subject: 'other#s-1', email: undefined }), directories[1], 0, false)),
    ]);
    expect(codes.sort()).toEqual(['object_exists', 'signed in']);
  });

  it('is refused when blocked, and when they have to be there and are not', async () => {
    const directory = await directoryOf([['user', 'u-1', { user_email: 'ann@example.com', blocked: true }]]);
    expect(await codeOf(signIn(ann(), directory, 0, true))).toBe('key_blocked');
    const refused = ann({ subject: 's-2', email: undefined, identified: { keyId: 'k', userId: 's-2', absent: { user: 'refuse' } } });
    expect(await codeOf(signIn(refused, directory, 0, true))).toBe('invalid_credentials');
  });

  it('is let in where the directory is only declared, and nowhere while it is away', async () => {
    const declared = declaredDirectory([{ kind: 'user', id: 'u-1', body: { user_email: 'ann@example.com' } }]);
    const directory = new Directory({ store: declared, onError: () => undefined });
    directories.push(directory);
    expect(await signIn(ann(), directory, 0, true)).toMatchObject({ userId: 'u-1' });
    const away = new Directory({ store: { ...declared, changesSince: () => Promise.reject(new Error('away')) }, onError: () => undefined });
    directories.push(away);
    expect(await codeOf(signIn(ann(), away, 0, true))).toBe('store_unavailable');
  });
});
