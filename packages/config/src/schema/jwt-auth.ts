import { z } from 'zod';
import { flag, names, positive, text } from './values.ts';

const role = z.enum(['proxy_admin', 'proxy_admin_viewer', 'org_admin', 'internal_user', 'internal_user_viewer']);
const nameOrNames = z.union([text, names], { error: 'expected a text, or a list of texts' });

/** LiteLLM's `LiteLLM_JWTAuth`. */
export const jwtAuth = z.strictObject({
  public_key_url: text.describe("Sluice's own: where the provider publishes its keys. Default: JWT_PUBLIC_KEY_URL in the environment").optional(),
  allow_http: flag.describe("Sluice's own: `true` takes keys by `http:` from elsewhere than this machine").optional(),
  issuer: nameOrNames.describe("Sluice's own: who issues the tokens; `*` is anybody. Default: JWT_ISSUER in the environment").optional(),
  audience: nameOrNames.describe("Sluice's own: for whom they have to be meant; `*` is anybody. Default: JWT_AUDIENCE in the environment").optional(),
  algorithms: names.describe("Sluice's own: the signatures that are taken. Default: all with key pairs").optional(),
  public_key_ttl: positive.describe('How long fetched keys are new, in seconds. Default 600').optional(),
  user_id_jwt_field: text.describe('The claim that names the user, as a path. Default `sub`').optional(),
  user_email_jwt_field: text.describe('The claim with the email. Default `email`').optional(),
  team_id_jwt_field: text.describe('The claim that names the team').optional(),
  team_ids_jwt_field: text.describe('The claim that lists teams, of which the first is taken that may make the call').optional(),
  team_id_default: text.describe('The team of tokens that name none').optional(),
  org_id_jwt_field: text.describe('The claim that names the organization').optional(),
  end_user_id_jwt_field: text.describe('The claim that names the end user').optional(),
  admin_jwt_scope: text.describe('The scope of administrators. Default `litellm_proxy_admin`').optional(),
  roles_jwt_field: text.describe('The claim with roles').optional(),
  role_mappings: z
    .array(z.strictObject({ role: text.describe('As the provider calls it'), internal_role: role.describe('What it is here') }))
    .describe('What those roles are here: `{ role, internal_role }`')
    .optional(),
  user_roles_jwt_field: text.describe('Same as `roles_jwt_field`').optional(),
  user_allowed_roles: names.describe('Roles of which a caller has to have one').optional(),
  admin_allowed_routes: names.describe('The only routes of administrators. Default: all').optional(),
  team_allowed_routes: names.describe('The only routes of tokens with a team. Default: all').optional(),
  scope_mappings: z
    .array(
      z.strictObject({
        scope: text.describe('As the token has it'),
        models: names.describe('Default: none').optional(),
        routes: names.describe('Default: all').optional(),
      }),
    )
    .describe('What tokens may do by their scopes: `{ scope, models, routes }`')
    .optional(),
  enforce_scope_based_access: flag.describe('Whether `scope_mappings` are in force; then a token has to have one of them').optional(),
  user_allowed_email_domain: text.describe('The domain that the email has to be of').optional(),
  user_id_upsert: flag.describe('Whether users that the directory lacks are made, and not refused').optional(),
  team_id_upsert: flag.describe('Whether teams that the directory lacks are made, and not refused').optional(),
});

export type JwtAuth = z.infer<typeof jwtAuth>;
