import type { DirectoryObject } from '../../directory/directory.ts';
import type { AdminCall } from '../admin-call.ts';
import type { InputOf } from '../admin-route.ts';
import type { KEY_ROUTES } from '../contract/key-routes.ts';
import { objectsIn, textOf } from '../read-body.ts';

type Filters = InputOf<(typeof KEY_ROUTES)['key.list']>;

const SAME = ['team_id', 'organization_id', 'project_id', 'key_alias'] as const;

/** The keys within reach that a list asks for. */
export function selectKeys(call: AdminCall<Filters>): readonly DirectoryObject[] {
  const { input, now, directory } = call;
  const { user_id: userId } = input;
  const teams = new Set(
    userId && input.include_team_keys
      ? directory
          .all('team')
          .filter(({ body }) => objectsIn(body.members_with_roles).some((member) => member.user_id === userId))
          .map(({ id }) => id)
      : [],
  );

  function isOf({ body }: DirectoryObject): boolean {
    if (!userId) return true;
    const isMade = input.include_created_by_keys === true && body.created_by === userId;
    return body.user_id === userId || isMade || teams.has(textOf(body.team_id) ?? '');
  }

  return call
    .list('key')
    .filter((key) => isOf(key))
    .filter(({ id, body }) => SAME.every((name) => !input[name] || body[name] === input[name]) && (!input.key_hash || input.key_hash === id))
    .filter((key) => !input.status || statusOf(key, now) === input.status);
}

function statusOf({ body }: DirectoryObject, now: number): 'active' | 'expired' | 'blocked' {
  if (body.blocked === true) return 'blocked';
  const expires = textOf(body.expires);
  return expires !== undefined && Date.parse(expires) <= now ? 'expired' : 'active';
}
