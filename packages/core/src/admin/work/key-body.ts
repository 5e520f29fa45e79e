import { didYouMean } from '../../errors/did-you-mean.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { ObjectKind } from '../../types/directory.ts';
import type { JsonObject } from '../../types/json.ts';
import type { AdminCall } from '../admin-call.ts';
import type { InputOf } from '../admin-route.ts';
import type { KEY_ROUTES } from '../contract/key-routes.ts';
import type { Desk } from '../desk.ts';
import { readDuration } from '../read-duration.ts';
import { withinMaker } from './within-maker.ts';

type KeyInput = Omit<InputOf<(typeof KEY_ROUTES)['key.generate']>, 'key'>;

/** What a key holds that its makers do not write themselves. */
const NOT_KEPT = ['duration', 'key_type', 'spend', 'send_invite_email'];

const ROUTES_OF_TYPE = { llm_api: ['llm_api_routes'], management: ['management_routes'], read_only: ['info_routes'], default: undefined } as const;

/** The body of a key as it is asked for: complete, right, and within what its maker may do. `before` is what it was. */
export function toKeyBody(call: AdminCall<unknown>, desk: Desk, asked: KeyInput, before: JsonObject = {}): JsonObject {
  const { duration, key_type: type } = asked;
  const lifeMs = typeof duration === 'string' ? readDuration(duration) : undefined;
  const typed = type ? ROUTES_OF_TYPE[type] : undefined;
  const changes = Object.entries(asked).filter(([name]) => !NOT_KEPT.includes(name));
  const body = withoutNothing({
    ...before,
    ...Object.fromEntries(changes),
    ...(lifeMs === undefined ? {} : { expires: new Date(call.now + lifeMs).toISOString() }),
    ...(duration === null ? { expires: undefined } : {}),
    ...(typed && { allowed_routes: typed }),
  });
  requireWhole(body);
  requireReferences(call, desk, body);
  return withinMaker(call, desk, body);
}

/** A field that is null is one that is not there. */
function withoutNothing(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined));
}

function requireWhole(body: JsonObject): void {
  const { temp_budget_increase: increase, temp_budget_expiry: expiry } = body;
  if ((increase === undefined) === (expiry === undefined)) return;
  const param = increase === undefined ? 'temp_budget_increase' : 'temp_budget_expiry';
  throw new GatewayError('invalid_request', `${param} is missing: a budget is raised by an amount and until a date`, { param });
}

const REFERENCES: Readonly<Record<string, ObjectKind>> = {
  team_id: 'team',
  organization_id: 'organization',
  project_id: 'project',
  budget_id: 'budget',
};

/** What a key names has to be there; but for its user, who may be known by another name than the directory's. */
function requireReferences(call: AdminCall<unknown>, desk: Desk, body: JsonObject): void {
  for (const [param, kind] of Object.entries(REFERENCES)) {
    const id = body[param];
    if (typeof id === 'string' && !call.directory.get(kind, id)) throw new GatewayError('object_not_found', `There is no ${kind} '${id}'`, { param });
  }
  for (const id of (body.access_group_ids as readonly string[] | undefined) ?? [])
    if (!call.directory.get('access_group', id)) throw new GatewayError('object_not_found', `There is no access group '${id}'`, { param: 'access_group_ids' });
  for (const name of (body.guardrails as readonly string[] | undefined) ?? []) requireName('guardrails', name, desk.guardrails);
  for (const name of (body.allowed_routes as readonly string[] | undefined) ?? [])
    if (desk.routes.operationsOf(name).length === 0) requireName('allowed_routes', name, desk.routes.names);
}

function requireName(param: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  const suggestion = didYouMean(name, names);
  throw new GatewayError('invalid_request', `${param}: there is none named '${name}'.${suggestion === undefined ? '' : ` ${suggestion}`}`, { param });
}
