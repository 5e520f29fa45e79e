import { createGateway, type Gateway, memoryDirectoryStore } from '@sluice/core';
import { type AdminClient, adminClient } from '@sluice/core/admin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const MASTER = 'sk-master-of-the-gateway';
let gateway: Gateway;
let root: AdminClient;
let organizer: AdminClient;

const as = (apiKey: string): AdminClient => adminClient({ baseUrl: 'http://sluice', apiKey, fetch: gateway.fetch });
const TAKEN = { code: 'object_exists', param: 'sso_user_id' };

beforeAll(async () => {
  gateway = createGateway({ masterKey: MASTER, directory: memoryDirectoryStore(), models: [] });
  root = as(MASTER);
  await root.user.new({ user_id: 'ann', sso_user_id: 'https://id.example.com#1', auto_create_key: false });
  await root.user.new({ user_id: 'bob', auto_create_key: false });
  await root.user.new({ user_id: 'olga', auto_create_key: false });
  await root.organization.new({ organization_id: 'org', organization_alias: 'Org', models: [] });
  await root.organization.member_add({ organization_id: 'org', member: { user_id: 'olga', role: 'org_admin' } });
  organizer = as((await root.key.generate({ user_id: 'olga' })).key);
});
afterAll(() => gateway.close());

describe('by whom somebody is logged in', () => {
  test('is said by administrators of the gateway only', async () => {
    const asked = { user_id: 'eve', organizations: ['org'], auto_create_key: false };
    await expect(organizer.user.new({ ...asked, sso_user_id: 'https://id.example.com#9' })).rejects.toMatchObject({
      code: 'not_permitted',
      param: 'sso_user_id',
    });
    expect(await organizer.user.new(asked)).toMatchObject({ user_id: 'eve' });
  });

  test('is one person', async () => {
    const sso_user_id = 'https://id.example.com#1';
    await expect(root.user.new({ user_id: 'late', sso_user_id })).rejects.toMatchObject(TAKEN);
    await expect(root.user.update({ user_id: 'bob', sso_user_id })).rejects.toMatchObject(TAKEN);
    expect(await root.user.update({ user_id: 'ann', sso_user_id })).toMatchObject({ data: { sso_user_id } });
    const users = ['bob', 'olga'].map((user_id) => ({ user_id, sso_user_id: 'https://id.example.com#2' }));
    await expect(root.user.bulk_update({ users })).rejects.toMatchObject(TAKEN);
    expect(await root.user.update({ user_id: 'bob', sso_user_id: 'https://id.example.com#2' })).toMatchObject({ user_id: 'bob' });
  });
});
