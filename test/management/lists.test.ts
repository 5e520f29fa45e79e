import { createGateway, memoryDirectoryStore } from '@sluice/core';
import { ADMIN_ROUTES, type AdminRoute, adminClient } from '@sluice/core/admin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const MASTER = 'sk-master-of-the-gateway';
const gateway = createGateway({ masterKey: MASTER, directory: memoryDirectoryStore(), models: [] });
const admin = adminClient({ baseUrl: 'http://sluice', apiKey: MASTER, fetch: gateway.fetch });
const NAMES = ['ant', 'bee', '=cmd|x', 'dog'];

beforeAll(async () => {
  for (const name of NAMES) {
    await admin.team.new({ team_id: name, team_alias: `the ${name}` });
    await admin.organization.new({ organization_id: name });
    await admin.user.new({ user_id: name, user_email: `${name.replaceAll(/\W/g, '')}@example.com`, auto_create_key: false });
    await admin.key.generate({ key_alias: name, team_id: name });
    await admin.project.new({ project_id: name, team_id: name });
    await admin.customer.new({ user_id: name, alias: `the ${name}` });
    await admin.budget.new({ budget_id: name, max_budget: 1 });
    await admin.tag.new({ name });
    await admin.access_group.new({ access_group: name, model_names: ['m'] });
    await admin.credential.new({ credential_name: name, credential_values: { api_key: 'sk-of-nobody-else' } });
  }
});
afterAll(() => gateway.close());

async function get(path: string): Promise<{ type: string | null; text: string }> {
  const response = await gateway.fetch(`http://sluice${path}`, { headers: { authorization: `Bearer ${MASTER}` } });
  expect(response.status).toBe(200);
  return { type: response.headers.get('content-type'), text: await response.text() };
}

/** Every list, by its path, where its rows stand, and by which field it names and counts pages. */
const LISTS = [
  ['/key/list', 'keys', 'token', 'size'],
  ['/user/list', 'users', 'user_id', 'page_size'],
  ['/team/list', '', 'team_id', 'page_size'],
  ['/v2/team/list', 'teams', 'team_id', 'page_size'],
  ['/organization/list', '', 'organization_id', 'page_size'],
  ['/project/list', '', 'project_id', 'page_size'],
  ['/customer/list', '', 'user_id', 'page_size'],
  ['/budget/list', '', 'budget_id', 'page_size'],
  ['/tag/list', '', 'name', 'page_size'],
  ['/access_group/list', 'access_groups', 'access_group', 'page_size'],
  ['/access_group', '', 'access_group_id', 'page_size'],
  ['/credentials', 'credentials', 'credential_name', 'page_size'],
] as const;

test('every list of objects is one of these', () => {
  const paths = Object.values<AdminRoute>(ADMIN_ROUTES)
    .filter(({ table }) => table)
    .map(({ path }) => path);
  expect(paths.filter((path) => path !== '/v2/model/info').sort()).toEqual(LISTS.map(([path]) => path).sort());
});

describe.each(LISTS)('%s', (path, rows, id, size) => {
  async function idsOf(query: string): Promise<string[]> {
    const answer = JSON.parse((await get(`${path}?${query}`)).text) as Record<string, unknown>;
    return ((rows === '' ? answer : answer[rows]) as (string | Record<string, string>)[]).map((row) => (typeof row === 'string' ? row : String(row[id])));
  }

  test('comes by pages, in an order that is asked for, with nothing twice and nothing left out', async () => {
    const sort = path === '/key/list' ? 'key_alias' : 'created_at';
    const pages = await Promise.all([1, 2, 3].map((page) => idsOf(`page=${page}&${size}=2&sort_by=${sort}&sort_order=asc`)));
    expect(pages.map((page) => page.length)).toEqual([2, 2, 0]);
    expect(new Set(pages.flat()).size).toBe(4);
    expect((await idsOf(`${size}=1000&sort_by=${sort}&sort_order=desc`)).length).toBe(4);
  });

  test('is searched by a part of a name', async () => {
    expect(await idsOf('search=DOG')).toHaveLength(1);
    expect(await idsOf('search=nobody')).toEqual([]);
  });

  test('comes as CSV, in which no name is a formula and nothing is a secret', async () => {
    const { type, text } = await get(`${path}?format=csv`);
    const lines = text.trimEnd().split('\r\n');
    expect([type, lines.length]).toEqual([expect.stringContaining('text/csv'), 5]);
    expect(lines[0]?.split(',')).toContain(id);
    expect(text).toContain("'=cmd|x");
    expect(text).not.toMatch(/(^|,)=cmd|sk-of-nobody|hashes/);
  });
});

test('the typed client gets a text for a table', async () => {
  const table: string = await admin.tag.list({ format: 'csv', search: 'ant' });
  expect(table.split('\r\n')[1]).toMatch(/^ant,/);
});
