import { GatewayError } from '../errors/gateway-error.ts';
import type { ObjectKind } from '../types/directory.ts';
import type { Absent, Identified } from '../types/identity.ts';
import type { JsonObject, MaybePromise } from '../types/json.ts';
import { DirectoryConflictError } from './directory-conflict-error.ts';
import type { Directory } from './directory.ts';

type Missing = { readonly kind: ObjectKind; readonly id: string; readonly body: JsonObject };

const MOST_TRIES = 4;

/**
 * Sees to it that whom an identity names is in the directory, as far as it asks for that.
 * @throws GatewayError `invalid_credentials` for who has to be there and is not, `object_exists`, `store_unavailable`.
 */
export function makeAbsent(identified: Identified, directory: Directory, now: number): MaybePromise<void> {
  return missingOf(identified, directory).length === 0 ? undefined : settle(identified, directory, now);
}

async function settle(identified: Identified, directory: Directory, now: number): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    try {
      // Another gateway may have made them a moment ago.
      await directory.pullAnew();
      const missing = missingOf(identified, directory).map((one) => ({ ...one, body: bodyOf(one) }));
      if (missing.length === 0) return;
      for (const one of missing) requireFreeEmail(one, directory);
      await write(missing, identified, directory, now);
      return;
    } catch (error) {
      if (GatewayError.is(error)) throw error;
      if (!(error instanceof DirectoryConflictError))
        throw new GatewayError('store_unavailable', 'The directory cannot be reached at the moment', { cause: error, retryable: true });
    }
  }
  throw new GatewayError('object_changed', 'Others are changing the same thing; try again', { retryable: true });
}

function missingOf(
  { userId, teamId, teamIds = [], organizationId, userMadeAt, absent = {} }: Identified,
  directory: Directory,
): (Omit<Missing, 'body'> & { absent: Absent })[] {
  const teams = teamId === undefined ? teamIds : [teamId];
  const isThere = (kind: ObjectKind, id: string): boolean => {
    const object = directory.get(kind, id);
    return object !== undefined && (kind !== 'user' || userMadeAt === undefined || object.body.created_at === userMadeAt);
  };
  const named: (readonly [ObjectKind, string | undefined, Absent | undefined])[] = [
    ['user', userId, absent.user],
    // Of several teams one has to be there; each of them is made where they are made at all.
    ...(absent.team === 'refuse' && teams.some((id) => directory.get('team', id)) ? [] : teams.map((id) => ['team', id, absent.team] as const)),
    ['organization', organizationId, absent.organization],
  ];
  return named.flatMap(([kind, id, what]) => (id === undefined || what === undefined || isThere(kind, id) ? [] : [{ kind, id, absent: what }]));
}

function bodyOf({ kind, id, absent }: { readonly kind: ObjectKind; readonly id: string; readonly absent: Absent }): JsonObject {
  if (absent !== 'refuse') return absent.make;
  throw new GatewayError('invalid_credentials', `The credential names the ${kind} '${id}', who is not known here`);
}

/** Two people with one address would be found as each other. */
function requireFreeEmail({ kind, id, body }: Missing, directory: Directory): void {
  const email = kind === 'user' && typeof body.user_email === 'string' ? body.user_email.toLowerCase() : undefined;
  if (email === undefined) return;
  const other = directory.all('user').find((user) => user.id !== id && String(user.body.user_email ?? '').toLowerCase() === email);
  if (other) throw new GatewayError('object_exists', 'There is another user with the email that the credential names', { param: 'user_email' });
}

async function write(missing: readonly Missing[], { keyId, userId }: Identified, directory: Directory, now: number): Promise<void> {
  const at = new Date(now).toISOString();
  const by = userId ?? keyId;
  const made = missing.map(({ kind, id, body }) => ({ kind, id, from: 0, body: { ...body, created_at: at, created_by: by, updated_at: at, updated_by: by } }));
  await directory.write(
    made,
    made.map(({ kind, id, body }) => ({ at, keyId, userId, action: 'created' as const, kind, objectId: id, before: undefined, after: body })),
  );
}
