import type { Principal } from './principal.ts';
import type { JsonObject } from './json.ts';

/** Whom a credential stands for. What a directory knows of its user, team, organization and project applies as well. */
export type Identified = Principal & {
  /** Teams of which the call is one's: the first that is there, is not blocked and may use the model. */
  readonly teamIds?: readonly string[];
  /** What becomes of a user or a team that the directory does not have. Default: the call is made without one. */
  readonly absent?: { readonly user?: Absent; readonly team?: Absent; readonly organization?: 'refuse' };
  /** When the user was made, as the directory has it: who was deleted and made anew since then is absent. */
  readonly userMadeAt?: string;
};

/** The call is refused, or the object is made with this body, and the trail says so. */
export type Absent = 'refuse' | { readonly make: JsonObject };

/** A person who has just shown who they are. */
export type Person = {
  readonly identified: Identified;
  /** What never changes of them and is nobody else's at any provider, such as `<issuer>#<sub>`: `sso_user_id` in the directory. */
  readonly subject: string;
  /** Theirs for certain: a person of the directory with this email, who has not logged in yet, is taken for them. */
  readonly email?: string | undefined;
};
