import type { Directory, DirectoryObject } from '../../directory/directory.ts';
import { hashesOf } from '../../directory/directory-ring.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import type { JsonObject } from '../../types/json.ts';
import type { OutputOf } from '../admin-route.ts';
import type { CREDENTIAL_ROUTES } from '../contract/model-routes.ts';
import type { Desk, Work } from '../desk.ts';

type Routes = Pick<typeof CREDENTIAL_ROUTES, 'credential.reseal' | 'credential.reseal_check'>;
type Unreadable = OutputOf<Routes['credential.reseal']>['unreadable'][number];

const USUAL_LIMIT = 100;

/** After the salt key was changed: what a former one has sealed is opened and sealed anew, some at a time, so that it can be broken off and gone on with. */
export const resealWork: Work<Routes> = {
  'credential.reseal'(call, desk) {
    const { stale, unreadable } = examine(call.directory, desk);
    const now = stale.slice(0, call.input.limit ?? USUAL_LIMIT);
    for (const { object, anew } of now) call.amend(object, anew, 'resealed');
    return {
      resealed: now.map(({ object: { kind, id } }) => ({ kind, id })),
      remaining: stale.length - now.length,
      unreadable,
      former_keys: formerKeys(call.directory, desk),
    };
  },

  'credential.reseal_check'({ directory }, desk) {
    const { stale, unreadable } = examine(directory, desk);
    return { remaining: stale.length, unreadable, former_keys: formerKeys(directory, desk) };
  },
};

type Examined = { readonly stale: readonly { readonly object: DirectoryObject; readonly anew: JsonObject }[]; readonly unreadable: readonly Unreadable[] };

function examine(directory: Directory, { seal }: Desk): Examined {
  const stale: { readonly object: DirectoryObject; readonly anew: JsonObject }[] = [];
  const unreadable: Unreadable[] = [];
  for (const object of [...directory.all('credential'), ...directory.all('model')]) {
    try {
      const anew = seal.reseal(object.body);
      if (anew) stale.push({ object, anew });
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      unreadable.push({ kind: object.kind, id: object.id, fields: error.problems.map(({ place }) => place) });
    }
  }
  return { stale, unreadable };
}

function formerKeys(directory: Directory, { saltName }: Desk): number {
  return directory.all('key').filter(({ body }) => hashesOf(body).some(({ salt }) => salt !== saltName)).length;
}
