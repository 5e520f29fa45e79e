import { afterEach, expect, test } from 'vitest';
import { memoryDirectoryStore } from '../directory/memory-directory-store.ts';
import type { DirectoryStore } from '../types/directory.ts';
import type { Identity } from '../identities/identity.ts';
import { createGateway, type Gateway } from './create-gateway.ts';

const gateways: Gateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});

/** Lets in at `/NAME` whoever says that they are somebody. */
const login = (name: string, makesUsers = true): Identity => ({
  name,
  identify: () => undefined,
  routes: [
    {
      method: 'GET',
      path: `/${name}`,
      async answer({ query, signIn }) {
        const sub = query.get('sub') ?? '';
        const absent = { user: makesUsers ? { make: { user_role: 'internal_user' } } : ('refuse' as const) };
        const { userId } = await signIn({ identified: { keyId: `${name}/user/${sub}`, userId: sub, absent }, subject: `https://${name}.example#${sub}` });
        return { status: 200, headers: {}, body: `${userId}` };
      },
    },
  ],
});

function gatewayWith(identities: readonly Identity[], directory?: DirectoryStore) {
  const gateway = createGateway({ masterKey: 'sk-0123456789abcdef', identities, models: [], ...(directory && { directory }) });
  gateways.push(gateway);
  return async (path: string): Promise<string> => (await gateway.fetch(`http://sluice${path}`)).text();
}

const TAKEN = expect.stringContaining('object_exists');

test('who has the same name at two logins is two people, and the second is not the first', async () => {
  const ask = gatewayWith([login('one'), login('two')], memoryDirectoryStore());
  expect(await ask('/one?sub=ann')).toBe('ann');
  expect(await ask('/two?sub=ann')).toEqual(TAKEN);
  expect(await ask('/one?sub=ann')).toBe('ann');
});

test('whom an administrator has put there is told by their id at an only login, and at no other', async () => {
  const directory = memoryDirectoryStore();
  const put = (id: string) => directory.write([{ kind: 'user', id, body: { user_role: 'proxy_admin' }, from: 0 }], []);
  await put('boss');
  expect(await gatewayWith([login('one'), login('two')], directory)('/two?sub=boss')).toEqual(TAKEN);
  expect(await gatewayWith([login('one'), { name: 'tokens', identify: () => undefined }], directory)('/one?sub=boss')).toBe('boss');
});

test('nobody comes in who has to be in a directory that there is not', async () => {
  expect(await gatewayWith([login('one', false)])('/one?sub=ann')).toContain('invalid_credentials');
  expect(await gatewayWith([login('one')])('/one?sub=ann')).toBe('ann');
});
