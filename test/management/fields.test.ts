import type { JsonObject, StoredObject } from '@sluice/core';
import { ADMIN_ROUTES, type AdminRoute, type AdminRouteName } from '@sluice/core/admin';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AIMS, fill, REFUSED, REQUIRED } from './support/inputs.ts';
import { ACTORS, type ActorName, heldAt, IDS, openWorld, type World } from './support/world.ts';

const WRITES = (Object.keys(ADMIN_ROUTES) as AdminRouteName[]).filter(
  (name) => ADMIN_ROUTES[name].method !== 'GET' && !name.endsWith('.info') && name !== 'key.health' && !REFUSED[name] && !/^(spend|global)\./.test(name),
);

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterEach(() => world.restore());
afterAll(() => world.gateway.close());

async function call(actor: ActorName, name: AdminRouteName, asked: JsonObject): Promise<{ status: number; body: { error?: { code: string; param: string } } }> {
  const { path, input } = fill(ADMIN_ROUTES[name].path, asked);
  return (await world.send(actor, ADMIN_ROUTES[name].method, path, input)) as never;
}

type Case = { readonly actor: ActorName; readonly id: string | undefined; readonly base: JsonObject };

/** For every standing by which somebody may use a route, one who has only that, and an object they reach by it. */
function casesOf(name: AdminRouteName): Case[] {
  const { who }: AdminRoute = ADMIN_ROUTES[name];
  const aim = AIMS[name];
  if (!aim) return [{ actor: 'root', id: undefined, base: REQUIRED[name] ?? {} }];
  return who.flatMap((standing): Case[] => {
    for (const actor of ACTORS) {
      // A member makes no keys of a team that does not permit it, and what is asked for beside it would not be looked at.
      if (name === 'key.generate' && actor === 'member') return [{ actor, id: undefined, base: {} }];
      const id = (IDS[aim.kind] ?? []).find((one) => heldAt(actor, who, aim.kind, one).join() === standing && one !== 'member-in-T' && one !== 'stranger-in-U');
      if (id !== undefined) return [{ actor, id, base: aim.name(id) }];
    }
    return [];
  });
}

/** Something that fits a field, other than what is there. */
function sampleOf(field: string, schema: JsonObject): unknown {
  const SAMPLES: JsonObject = {
    user_id: 'watcher',
    team_id: 'T',
    organization_id: 'O',
    project_id: 'PT',
    budget_id: 'B',
    teams: ['T'],
    organizations: ['O'],
    access_group_ids: ['A'],
    model_names: ['n'],
    user_role: 'internal_user_viewer',
    budget_duration: '1d',
    budget_time_zone: 'Europe/Berlin',
    budget_alignment: 'rolling',
    team_member_budget_duration: '1d',
    duration: '1d',
    grace_period: '1h',
    temp_budget_expiry: '2035-01-01',
    key_type: 'llm_api',
    role: 'user',
    allowed_routes: ['/chat/completions'],
    guardrails: [],
    team_member_permissions: ['/key/info'],
    key: `sk-${field}-that-was-chosen`,
    new_key: 'sk-another-that-was-chosen',
    key_aliases: ['none'],
    model_name: 'n',
    litellm_params: { rpm: 5 },
    model_info: { mode: 'chat' },
    credential_values: { api_key: 'y' },
    members_with_roles: [],
    degrade: { at: 0.8, to: { m: 'n' } },
    user_email: 'someone@example.com',
    aliases: { a: 'm' },
    model_aliases: { a: 'm' },
    model_max_budget: { m: { budget_limit: 1, time_period: '1d' } },
    model_rpm_limit: { m: 1 },
    model_tpm_limit: { m: 1 },
    member: { user_email: 'x@example.com' },
    members: [],
  };
  if (field in SAMPLES) return SAMPLES[field];
  const type = schema.type ?? (schema.anyOf as JsonObject[] | undefined)?.find((one) => one.type !== 'null')?.type;
  return { string: 'a text', number: 1, integer: 1, boolean: true, array: ['m'], object: { a: 'b' } }[String(type)] ?? 'a text';
}

/** What is asked for only together. */
const PAIRS: Readonly<Record<string, JsonObject>> = {
  temp_budget_increase: { temp_budget_expiry: '2035-01-01' },
  temp_budget_expiry: { temp_budget_increase: 1 },
};

function isLacking(schema: JsonObject | undefined): boolean {
  return (schema?.anyOf as JsonObject[] | undefined)?.some(({ description }) => String(description).startsWith('Of LiteLLM')) === true;
}

/** What one field may touch beside the field of its own name. */
const TOUCHES: Readonly<Record<string, readonly string[]>> = {
  duration: ['expires'],
  temp_budget_increase: ['temp_budget_expiry'],
  temp_budget_expiry: ['temp_budget_increase'],
  key_type: ['allowed_routes'],
  project_id: ['team_id'],
  // The key of the model, which stands there open, is sealed when it is next kept.
  model_name: ['litellm_params'],
  model_info: ['litellm_params'],
  max_budget_in_team: ['max_budget'],
  // A key in the name of another only calls models.
  user_id: ['allowed_routes'],
};
const ALWAYS = [
  'updated_at',
  'updated_by',
  'created_at',
  'created_by',
  'hashes',
  'key_name',
  'rotated_at',
  'members_with_roles',
  'members',
  'models',
  'blocked',
  'team_member_permissions',
];

function touchedFields({ kind, id, body }: StoredObject): string[] {
  const before = world.bodyOf(kind, id) ?? {};
  const names = new Set([...Object.keys(before), ...Object.keys(body ?? {})]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(body?.[name]));
}

describe('P52: fields, one by one', () => {
  test.each(WRITES)('of %s touch nothing but what they name, and only by those whose they are', async (name) => {
    const { input, reserved = [] }: AdminRoute = ADMIN_ROUTES[name];
    const properties = (input.schema as { properties: Record<string, JsonObject> }).properties;
    let written = 0;
    for (const { actor, id, base } of casesOf(name)) {
      for (const field of input.names.filter((one) => !(one in base))) {
        const standings =
          AIMS[name] && id !== undefined ? heldAt(actor, ADMIN_ROUTES[name].who, AIMS[name].kind, id) : [actor === 'root' ? 'proxy_admin' : 'internal_user'];
        const isReserved = reserved.some((rule) => rule.fields.includes(field) && !standings.some((standing) => rule.for.includes(standing as never)));
        const { status, body } = await call(actor, name, { ...base, ...PAIRS[field], [field]: sampleOf(field, properties[field] ?? {}) });
        const changed = await world.changes();
        const where = `${actor} ${name} ${field}: ${JSON.stringify(body)}`;
        expect(status, where).toBeLessThan(500);
        if (isLacking(properties[field])) expect([status, changed], where).toEqual([400, []]);
        else if (isReserved)
          expect([status, body.error?.code === 'not_permitted' || body.error?.code === 'object_not_found'], where).toEqual([status === 404 ? 404 : 403, true]);
        if (status !== 200) expect(changed, where).toEqual([]);
        else written += 1;
        for (const object of changed.filter(
          ({ kind, id: one }) => world.bodyOf(kind, one) && ADMIN_ROUTES[name].path.endsWith('/update') && kind === AIMS[name]?.kind,
        )) {
          expect(object.id, where).toBe(id);
          expect(
            touchedFields(object).filter((one) => one !== field && !(TOUCHES[field] ?? []).includes(one) && !ALWAYS.includes(one)),
            where,
          ).toEqual([]);
        }
        await world.restore();
      }
    }
    // Of a key to be deleted there is nothing else to say.
    const rest = input.names.filter((field) => !isLacking(properties[field]) && casesOf(name).some(({ base }) => !(field in base)));
    if (name !== 'key.delete' && rest.length > 0) expect(written).toBeGreaterThan(0);
  });

  test.each(WRITES)('that %s does not have are refused, whatever a body may hold of them', async (name) => {
    const { input }: AdminRoute = ADMIN_ROUTES[name];
    const inner = [
      'hashes',
      'created_by',
      'created_at',
      'updated_by',
      'key_name',
      'expires',
      'rotated_at',
      'revision',
      'kind',
      'body',
      'token',
      'isAdmin',
      'constructor',
      'toString',
    ];
    for (const { actor, base } of casesOf(name).slice(0, 1)) {
      for (const field of inner.filter((one) => !input.names.includes(one))) {
        const { status, body } = await call(actor, name, { ...base, [field]: 'x' });
        expect([field, status, body.error?.code, body.error?.param]).toEqual([field, 400, 'invalid_request', field]);
      }
    }
    expect(await world.changes()).toEqual([]);
  });

  test('a name that changes what objects are is one that is not there', async () => {
    const { path } = ADMIN_ROUTES['key.update'];
    const response = await world.gateway.fetch(`http://sluice${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.keys.root}`, 'content-type': 'application/json' },
      body: '{"key": "member", "__proto__": {"blocked": true}}',
    });
    expect(response.status).toBe(400);
    expect(await world.changes()).toEqual([]);
  });
});
