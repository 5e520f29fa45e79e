import type { JsonObject } from '@sluice/core';
import { ADMIN_ROUTES, type AdminRoute, type AdminRouteName } from '@sluice/core/admin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AIMS, fill, REFUSED, REQUIRED } from './support/inputs.ts';
import { ACTORS, type ActorName, heldAt, IDS, openWorld, standingsOf, type World } from './support/world.ts';

const NAMES = Object.keys(ADMIN_ROUTES) as AdminRouteName[];
const routeOf = (name: AdminRouteName): AdminRoute => ADMIN_ROUTES[name];

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.gateway.close());

async function call(actor: ActorName, name: AdminRouteName, asked: JsonObject): Promise<{ status: number; body: unknown }> {
  const { path, input } = fill(routeOf(name).path, asked);
  return world.send(actor, routeOf(name).method, path, input);
}

const codeOf = (body: unknown): unknown => (body as { error?: { code?: string } }).error?.code;

/** A member's own key of a team is looked at, and no more, as long as the team permits nothing. */
const isTeamsToChange = (actor: ActorName, name: AdminRouteName, id: string): boolean =>
  routeOf(name).method !== 'GET' && ((actor === 'member' && id === 'member-in-T') || (actor === 'stranger' && id === 'stranger-in-U'));

/** Nobody gets a secret that acts in the name of somebody else. */
const isOthersSecret = (actor: ActorName, name: AdminRouteName, id: string): boolean => name === 'key.regenerate' && actor !== 'root' && id === 'member-in-T';

/** Members see their team, and make no keys of it unless it permits that. */
const needsPermission = (actor: ActorName, name: AdminRouteName): boolean => name === 'key.generate' && (actor === 'member' || actor === 'stranger');

function expected(actor: ActorName, name: AdminRouteName, id: string): number {
  const { who } = routeOf(name);
  const aim = AIMS[name];
  if (!who.some((standing) => standingsOf(actor).includes(standing))) return 403;
  if (!aim || heldAt(actor, who, aim.kind, id).length === 0 || isTeamsToChange(actor, name, id)) return 404;
  return isOthersSecret(actor, name, id) || needsPermission(actor, name) ? 403 : 200;
}

/** What is written out in one route may be a name to another. */
const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);

describe.each(ACTORS)('P52: %s', (actor) => {
  test.each(NAMES.filter((name) => AIMS[name]))('reaches by %s what is theirs to reach; the rest is as good as absent', async (name) => {
    const aim = AIMS[name];
    if (!aim) return;
    const absent = await call(actor, name, aim.name('absent'));
    await world.restore();
    for (const id of IDS[aim.kind] ?? []) {
      const { status, body } = await call(actor, name, aim.name(id));
      const changed = await world.changes();
      expect([id, status, status === expected(actor, name, id) ? '' : body]).toEqual([id, expected(actor, name, id), '']);
      if (status !== 200) expect(changed).toEqual([]);
      if (status === 404) expect(JSON.stringify(body).replaceAll(`'${id}'`, "'absent'")).toBe(JSON.stringify(absent.body));
      await world.restore();
    }
  });

  test.each(NAMES.filter((name) => !AIMS[name]))('may use %s by role alone', async (name) => {
    const { who } = routeOf(name);
    const { status, body } = await call(actor, name, REQUIRED[name] ?? {});
    const may = who.some((standing) => standingsOf(actor).includes(standing));
    if (REFUSED[name] && may) expect(codeOf(body)).toBe(REFUSED[name]);
    else expect([status, status === (may ? 200 : 403) ? '' : body]).toEqual([may ? 200 : 403, '']);
    if (!may) expect(await world.changes()).toEqual([]);
    await world.restore();
  });

  test('lists what they reach and nothing else', async () => {
    const lists = [
      ['key.list', 'key', (body: { keys: string[] }) => body.keys],
      ['user.list', 'user', (body: { users: { user_id: string }[] }) => body.users.map(({ user_id: id }) => id)],
      ['team.list', 'team', (body: { team_id: string }[]) => body.map(({ team_id: id }) => id)],
      ['organization.list', 'organization', (body: { organization_id: string }[]) => body.map(({ organization_id: id }) => id)],
      ['project.list', 'project', (body: { project_id: string }[]) => body.map(({ project_id: id }) => id)],
    ] as const;
    for (const [name, kind, read] of lists) {
      const { status, body } = await call(actor, name, {});
      if (status === 403) continue;
      const reached = (IDS[kind] ?? []).filter((id) => heldAt(actor, routeOf(name).who, kind, id).length > 0);
      expect([name, [...read(body as never)].filter((id) => id !== 'janitor').sort()]).toEqual([name, [...reached].sort()]);
    }
  });

  test('gets nowhere by another method', async () => {
    const paths = [...new Set(NAMES.map((name) => fill(routeOf(name).path, { key: actor, access_group: 'A', id: '1' }).path))];
    for (const path of paths) {
      const taken = NAMES.filter((name) => patternOf(routeOf(name).path).test(path)).map((name) => routeOf(name).method);
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])
        if (!(taken as string[]).includes(method))
          expect([path, method, (await world.send(actor, method, path, {})).status]).toEqual([
            path,
            method,
            expect.toSatisfy((status: number) => status === 405 || status === 404),
          ]);
    }
    expect(await world.changes()).toEqual([]);
  });
});
