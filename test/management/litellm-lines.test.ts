import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateway, type Gateway, memoryDirectoryStore } from '@sluice/core';
import { serve } from '@sluice/core/node';
import { afterAll, beforeAll, expect, test } from 'vitest';

// Requests as LiteLLM's documentation has people type them, but for the address: field for field, with its headers and methods.
const MASTER = 'sk-master-of-the-gateway';
let gateway: Gateway;
let server: Server;
let url = '';

beforeAll(async () => {
  gateway = createGateway({ masterKey: MASTER, directory: memoryDirectoryStore(), models: [] });
  server = createServer((req, res) => void serve(gateway.handle, req, res, { strict: true }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await gateway.close();
});

type Answer = Record<string, never>;

async function curl(method: string, path: string, data?: string, type = 'application/json'): Promise<{ status: number; body: Answer }> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${MASTER}`, ...(data === undefined ? {} : { 'content-type': type }) },
    ...(data === undefined ? {} : { body: data }),
  });
  return { status: response.status, body: (await response.json()) as Answer };
}

/** In the order in which they build on each other. */
const LINES: readonly (readonly [what: string, method: string, path: string, data: string | undefined, answer: object])[] = [
  [
    'a key for models',
    'POST',
    '/key/generate',
    '{"models": ["gpt-3.5-turbo", "gpt-4"], "metadata": {"user": "someone@example.com"}}',
    { models: ['gpt-3.5-turbo', 'gpt-4'] },
  ],
  [
    'a key with aliases',
    'POST',
    '/key/generate',
    '{"models": ["my-free-tier"], "aliases": {"mistral-7b": "my-free-tier"}, "duration": "30min"}',
    { aliases: { 'mistral-7b': 'my-free-tier' } },
  ],
  [
    'a key with a budget',
    'POST',
    '/key/generate',
    '{"max_budget": 10, "budget_duration": "10s", "team_id": null, "tpm_limit": 20, "rpm_limit": 4}',
    { max_budget: 10, budget_duration: '10s' },
  ],
  [
    'a key with budgets by model',
    'POST',
    '/key/generate',
    '{"model_max_budget": {"gpt-4o": {"budget_limit": "0.0000001", "time_period": "1d"}}}',
    { model_max_budget: { 'gpt-4o': { time_period: '1d' } } },
  ],
  [
    'a key with limits by model',
    'POST',
    '/key/generate',
    '{"model_rpm_limit": {"gpt-4": 2}, "model_tpm_limit": {"gpt-4": 1000}}',
    { model_rpm_limit: { 'gpt-4': 2 } },
  ],
  [
    'a key for some routes',
    'POST',
    '/key/generate',
    '{"allowed_routes": ["/chat/completions", "/embeddings", "/key/*"]}',
    { allowed_routes: ['/chat/completions', '/embeddings', '/key/*'] },
  ],
  ['a key of a type', 'POST', '/key/generate', '{"key_type": "llm_api"}', { allowed_routes: ['llm_api_routes'] }],
  [
    'a key of one’s own making',
    'POST',
    '/key/generate',
    '{"key": "sk-my-unique-key-of-2026", "key_alias": "mine", "soft_budget": 5, "tags": ["a"], "config": {}, "permissions": {}, "spend": 0}',
    { key: 'sk-my-unique-key-of-2026', key_alias: 'mine' },
  ],
  ['about it', 'GET', '/key/info?key=sk-my-unique-key-of-2026', undefined, { info: { key_alias: 'mine' } }],
  [
    'changed',
    'POST',
    '/key/update',
    '{"key": "sk-my-unique-key-of-2026", "max_budget": 20, "temp_budget_increase": 100, "temp_budget_expiry": "2035-01-15"}',
    { max_budget: 20 },
  ],
  ['blocked', 'POST', '/key/block', '{"key": "sk-my-unique-key-of-2026"}', { blocked: true }],
  ['unblocked', 'POST', '/key/unblock', '{"key": "sk-my-unique-key-of-2026"}', { key_alias: 'mine' }],
  [
    'renewed',
    'POST',
    '/key/sk-my-unique-key-of-2026/regenerate',
    '{"max_budget": 100, "metadata": {"team": "core-infra"}, "models": ["gpt-4", "gpt-3.5-turbo"]}',
    { max_budget: 100, key_alias: 'mine' },
  ],
  ['listed', 'GET', '/key/list?page=1&size=3&return_full_object=true&sort_by=created_at&sort_order=asc', undefined, { current_page: 1, total_pages: 3 }],
  ['aliases', 'GET', '/key/aliases', undefined, { aliases: ['mine'] }],
  ['deleted by alias', 'POST', '/key/delete', '{"key_aliases": ["mine"]}', {}],
  ['in good health', 'POST', '/key/health', undefined, { key: 'healthy' }],
  [
    'a team',
    'POST',
    '/team/new',
    '{"team_alias": "my-new-team_4", "team_id": "team-4", "max_budget": 0.000000001, "budget_duration": "30d", "members_with_roles": [{"role": "admin", "user_id": "u-1"}]}',
    { team_alias: 'my-new-team_4', members_with_roles: [{ role: 'admin', user_id: 'u-1' }] },
  ],
  ['a team with a limit', 'POST', '/team/update', '{"team_id": "team-4", "tpm_limit": 500, "rpm_limit": 5, "models": ["gpt-4"]}', { data: { rpm_limit: 5 } }],
  [
    'with members',
    'POST',
    '/team/member_add',
    '{"team_id": "team-4", "max_budget_in_team": 0.01, "member": {"role": "user", "user_id": "u-2"}}',
    { members_with_roles: [{ user_id: 'u-1' }, { user_id: 'u-2', max_budget: 0.01 }] },
  ],
  ['of whom one changes', 'POST', '/team/member_update', '{"team_id": "team-4", "user_id": "u-2", "max_budget_in_team": 10}', { max_budget_in_team: 10 }],
  ['and by email', 'POST', '/team/member_add', '{"team_id": "team-4", "member": [{"role": "user", "user_email": "three@example.com"}]}', { team_id: 'team-4' }],
  ['and one leaves', 'POST', '/team/member_delete', '{"team_id": "team-4", "user_id": "u-2"}', { team_id: 'team-4' }],
  ['a key of the team', 'POST', '/key/generate', '{"team_id": "team-4", "user_id": "u-1"}', { team_id: 'team-4', user_id: 'u-1' }],
  ['a service account', 'POST', '/key/service-account/generate', '{"team_id": "team-4", "metadata": {"service_account_id": "ci"}}', { team_id: 'team-4' }],
  ['about the team', 'GET', '/team/info?team_id=team-4', undefined, { team_id: 'team-4', team_info: { rpm_limit: 5 } }],
  ['models of the team', 'POST', '/team/model/add', '{"team_id": "team-4", "models": ["gpt-4o"]}', { models: ['gpt-4', 'gpt-4o'] }],
  ['and fewer', 'POST', '/team/model/delete', '{"team_id": "team-4", "models": ["gpt-4"]}', { models: ['gpt-4o'] }],
  [
    'permissions of members',
    'POST',
    '/team/permissions_update',
    '{"team_id": "team-4", "team_member_permissions": ["/key/generate", "/key/update"]}',
    { team_member_permissions: ['/key/generate', '/key/update'] },
  ],
  ['a blocked team', 'POST', '/team/block', '{"team_id": "team-4"}', { blocked: true }],
  ['an unblocked team', 'POST', '/team/unblock', '{"team_id": "team-4"}', { team_id: 'team-4' }],
  ['teams by pages', 'GET', '/v2/team/list?page=1&page_size=10', undefined, { total: 1 }],
  [
    'a person',
    'POST',
    '/user/new',
    '{"user_email": "user@example.com", "user_role": "internal_user", "models": ["gpt-4"], "max_budget": 0, "teams": ["team-4"], "auto_create_key": true}',
    { user_role: 'internal_user', teams: ['team-4'] },
  ],
  [
    'a person with an id',
    'POST',
    '/user/new',
    '{"user_id": "u-9", "tpm_limit": 200, "rpm_limit": 2, "max_parallel_requests": 1, "send_invite_email": false}',
    { user_id: 'u-9' },
  ],
  ['about the person', 'GET', '/user/info?user_id=u-9', undefined, { user_id: 'u-9', user_info: { rpm_limit: 2 } }],
  ['the person changed', 'POST', '/user/update', '{"user_id": "u-9", "max_budget": 100, "budget_duration": "1mo"}', { data: { max_budget: 100 } }],
  ['the person alone', 'GET', '/v2/user/info?user_id=u-9', undefined, { user_id: 'u-9', max_budget: 100 }],
  [
    'several people',
    'POST',
    '/user/bulk_update',
    '{"users": [{"user_id": "u-9", "user_role": "internal_user", "max_budget": 10}, {"user_id": "u-1", "max_budget": 20}]}',
    { total_requested: 2, successful_updates: 2, results: [{ user_id: 'u-9', success: true, updated_user: { max_budget: 10 } }, { user_id: 'u-1' }] },
  ],
  ['people', 'GET', '/user/list?role=internal_user&page=1&page_size=2&user_email=example', undefined, { page: 1 }],
  ['fewer people', 'POST', '/user/delete', '{"user_ids": ["u-9"]}', { deleted_user_ids: ['u-9'] }],
  ['a budget', 'POST', '/budget/new', '{"budget_id": "my-free-tier", "max_budget": 4, "budget_duration": "1d", "rpm_limit": 5}', { budget_id: 'my-free-tier' }],
  ['a team by its path', 'PATCH', '/team/team-4', '{"rpm_limit": 6}', { data: { rpm_limit: 6 } }],
  ['models by pages', 'GET', '/v2/model/info?page=1&size=10', undefined, { data: [], total_count: 0, current_page: 1 }],
  ['groups of models', 'GET', '/model_group/info', undefined, { data: [] }],
  ['a changed budget', 'POST', '/budget/update', '{"budget_id": "my-free-tier", "max_budget": 2}', { max_budget: 2, rpm_limit: 5 }],
  ['a customer with it', 'POST', '/customer/new', '{"user_id": "my-customer-id", "budget_id": "my-free-tier"}', { user_id: 'my-customer-id' }],
  ['by the other name', 'POST', '/end_user/new', '{"user_id": "small", "max_budget": 0.0001}', { user_id: 'small' }],
  [
    'blocked customers',
    'POST',
    '/customer/block',
    '{"user_ids": ["small", "never-seen"]}',
    { blocked_users: [{ user_id: 'small', blocked: true }, { user_id: 'never-seen' }] },
  ],
  ['about a customer', 'GET', '/customer/info?end_user_id=small', undefined, { blocked: true }],
  [
    'an organization',
    'POST',
    '/organization/new',
    '{"organization_alias": "my-secret-org", "organization_id": "o-1", "models": ["model1", "model2"], "max_budget": 20, "metadata": {}}',
    { organization_id: 'o-1' },
  ],
  [
    'with a leader',
    'POST',
    '/organization/member_add',
    '{"organization_id": "o-1", "member": {"role": "org_admin", "user_id": "u-1"}}',
    { members: [{ user_id: 'u-1', user_role: 'org_admin' }] },
  ],
  ['shown with others', 'POST', '/organization/info', '{"organizations": ["o-1"]}', [{ organization_id: 'o-1' }]],
  ['by another name', 'PATCH', '/organization/update', '{"organization_id": "o-1", "organization_alias": "our-org"}', { organization_alias: 'our-org' }],
  ['a team of it', 'POST', '/team/new', '{"team_id": "team-5", "organization_id": "o-1"}', { organization_id: 'o-1' }],
  [
    'a project of that',
    'POST',
    '/project/new',
    '{"project_id": "p-1", "project_alias": "flight-search", "team_id": "team-5", "models": ["gpt-4"], "max_budget": 100}',
    { project_id: 'p-1' },
  ],
  ['no more organization', 'DELETE', '/organization/delete', '{"organization_ids": ["o-1"]}', [{ organization_id: 'o-1', teams: ['team-5'] }]],
  ['a tag', 'POST', '/tag/new', '{"name": "marketing", "description": "all of marketing", "max_budget": 0.1, "budget_duration": "1d"}', { name: 'marketing' }],
  ['about tags', 'POST', '/tag/info', '{"names": ["marketing"]}', { marketing: { max_budget: 0.1 } }],
  [
    'an access group',
    'POST',
    '/access_group/new',
    '{"access_group": "production-models", "model_names": ["gpt-4", "claude-3"]}',
    { access_group: 'production-models' },
  ],
  ['changed', 'PUT', '/access_group/production-models/update', '{"model_names": ["gpt-4"]}', { model_names: ['gpt-4'] }],
  ['shown', 'GET', '/access_group/production-models/info', undefined, { model_names: ['gpt-4'] }],
  ['by its newer names', 'GET', '/v1/access_group/production-models', undefined, { access_group_id: 'production-models', access_model_names: ['gpt-4'] }],
  [
    'made by them',
    'POST',
    '/v1/access_group',
    '{"access_group_name": "newer", "description": "newer ones", "access_model_names": ["gpt-5"], "assigned_team_ids": []}',
    { access_group_id: 'newer', access_group_name: 'newer' },
  ],
  [
    'changed by them',
    'PUT',
    '/v1/access_group/newer',
    '{"access_model_names": ["gpt-5", "gpt-6"]}',
    { description: 'newer ones', access_model_names: ['gpt-5', 'gpt-6'] },
  ],
  ['listed by them', 'GET', '/v1/access_group', undefined, [{ access_group_id: 'production-models' }, { access_group_id: 'newer' }]],
  ['gone by them', 'DELETE', '/v1/unified_access_group/newer', undefined, { access_group_id: 'newer' }],
  ['gone', 'DELETE', '/access_group/production-models/delete', undefined, { access_group: 'production-models' }],
];

test.each(LINES)('%s: %s %s works as it is written', async (_, method, path, data, expected) => {
  const { status, body } = await curl(method, path, data);
  expect({ status, body }).toMatchObject({ status: 200, body: expected });
});

test('curl without a content type works as well', async () => {
  expect(await curl('POST', '/key/generate', '{"duration": "1h"}', 'application/x-www-form-urlencoded')).toMatchObject({ status: 200 });
});

test('what LiteLLM has and Sluice lacks is said, and not left out in silence', async () => {
  const { status, body } = await curl('POST', '/key/generate', '{"object_permission": {"vector_stores": ["a"]}}');
  expect({ status, body }).toMatchObject({ status: 400, body: { error: { code: 'invalid_request', param: 'object_permission' } } });
});
