import { GatewayError } from '../errors/gateway-error.ts';
import type { Absent, Identified, Person } from '../types/identity.ts';
import { DirectoryConflictError } from './directory-conflict-error.ts';
import type { Directory, DirectoryObject } from './directory.ts';
import { makeAbsent } from './make-absent.ts';

const MOST_TRIES = 4;

/**
 * Finds a person who has logged in, or makes them where they may be made, and answers for whom their sessions stand:
 * who is deleted after that is not made anew by a session. Ids tell people only where there is one login: of several,
 * each may call somebody else the same.
 * @throws GatewayError `invalid_credentials` for who has to be there and is not, `key_blocked`, `object_exists`, `store_unavailable`.
 */
export async function signIn(person: Person, directory: Directory, now: number, isOnlyLogin: boolean): Promise<Identified> {
  await pull(directory);
  const user = await known(person, directory, now, isOnlyLogin);
  const { identified, subject } = person;
  const named = user ? { ...identified, userId: user.id } : withSubject(identified, subject);
  await makeAbsent(named, directory, now);
  requireOwn(named.userId, subject, directory);
  return asSession(named, directory);
}

async function pull(directory: Directory): Promise<void> {
  try {
    await directory.pullAnew();
  } catch (cause) {
    throw new GatewayError('store_unavailable', 'The directory cannot be reached at the moment', { cause, retryable: true });
  }
}

/** Who they are in the directory, told from now on by what never changes. */
async function known(person: Person, directory: Directory, now: number, isOnlyLogin: boolean): Promise<DirectoryObject | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const user = findPerson(person, directory, isOnlyLogin);
    if (user?.body.blocked === true) throw new GatewayError('key_blocked', 'This person is blocked');
    if (!user || hasSubject(user)) return user;
    try {
      await link(user, person, directory, now);
      return user;
    } catch (error) {
      // What is only declared cannot be written over; it is found in the same way the next time.
      if (GatewayError.is(error) && error.code === 'directory_missing') return user;
      if (!(error instanceof DirectoryConflictError)) throw error;
      await pull(directory);
    }
  }
  throw new GatewayError('object_changed', 'Others are changing the same person; try again', { retryable: true });
}

/** By the subject; by the id, unless that is somebody else's; by the email, whom an administrator has put there. */
function findPerson({ identified: { userId }, subject, email }: Person, directory: Directory, isOnlyLogin: boolean): DirectoryObject | undefined {
  const users = directory.all('user');
  const same = users.find(({ body }) => body.sso_user_id === subject);
  if (same) return same;
  const byId = userId === undefined ? undefined : directory.get('user', userId);
  if (byId && hasSubject(byId)) throw taken();
  if (byId && isOnlyLogin) return byId;
  const waits = (user: DirectoryObject): boolean => !hasSubject(user) && user.body.created_by !== user.id;
  const byEmail = users.find((user) => waits(user) && email !== undefined && String(user.body.user_email ?? '').toLowerCase() === email.toLowerCase());
  if (byId && byEmail !== byId) throw taken();
  return byEmail;
}

/** Somebody else may have been made under the same id meanwhile. */
function requireOwn(userId: string | undefined, subject: string, directory: Directory): void {
  const user = userId === undefined ? undefined : directory.get('user', userId);
  if (user && hasSubject(user) && user.body.sso_user_id !== subject) throw taken();
}

function taken(): GatewayError {
  return new GatewayError('object_exists', 'The id that the login names is taken, by who may be another person');
}

function hasSubject({ body }: DirectoryObject): boolean {
  return typeof body.sso_user_id === 'string';
}

async function link({ kind, id, body, revision }: DirectoryObject, { identified, subject }: Person, directory: Directory, now: number): Promise<void> {
  const at = new Date(now).toISOString();
  const after = { ...body, sso_user_id: subject, updated_at: at, updated_by: id };
  const entry = { at, keyId: identified.keyId, userId: id, action: 'updated' as const, kind, objectId: id, before: body, after };
  await directory.write([{ kind, id, body: after, from: revision }], [entry]);
}

function withSubject(identified: Identified, subject: string): Identified {
  const { absent } = identified;
  const user: Absent | undefined = typeof absent?.user === 'object' ? { make: { ...absent.user.make, sso_user_id: subject } } : absent?.user;
  return { ...identified, ...(absent && { absent: { ...absent, ...(user && { user }) } }) };
}

/** Teams that are not there would only make a session longer. */
function asSession({ absent, teamIds, ...named }: Identified, directory: Directory): Identified {
  const teams = teamIds?.filter((id) => directory.get('team', id));
  const user = named.userId === undefined ? undefined : directory.get('user', named.userId);
  const isThere = user !== undefined;
  const madeAt = user?.body.created_at;
  return {
    ...named,
    ...(typeof madeAt === 'string' && { userMadeAt: madeAt }),
    ...(teams && teams.length > 0 && { teamIds: teams }),
    ...((isThere || absent) && {
      absent: { ...(isThere && { user: 'refuse' as const }), ...(absent && { team: 'refuse' as const, organization: 'refuse' as const }) },
    }),
  };
}
