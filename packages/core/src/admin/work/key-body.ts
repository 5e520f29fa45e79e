import { didYouMean } from '../../errors/did-you-mean.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { JsonObject } from '../../types/json.ts';
import type { AdminCall } from '../admin-call.ts';
import type { InputOf } from '../admin-route.ts';
import type { KEY_ROUTES } from '../contract/key-routes.ts';
import type { Desk } from '../desk.ts';
import { textsIn } from '../read-body.ts';
import { readDuration } from '../read-duration.ts';
import { changed, requireReferences } from './bodies.ts';
import { hasExpired, requireRoomForKey, withinRules } from './by-rules.ts';
import { together } from './together.ts';
import { withinMaker } from './within-maker.ts';

export type KeyInput = Omit<InputOf<(typeof KEY_ROUTES)['key.generate']>, 'key'>;

const NOT_KEPT = ['duration', 'key_type', 'spend', 'send_invite_email'];

const ROUTES_OF_TYPE = { llm_api: ['llm_api_routes'], management: ['management_routes'], read_only: ['info_routes'], default: undefined } as const;

/** The body of a key as it is asked for: complete, right, and within what its maker may do. `before` is what it was. */
export function toKeyBody(call: AdminCall<unknown>, desk: Desk, asked: KeyInput, before: JsonObject = {}): JsonObject {
  const { duration, key_type: type } = asked;
  const typed = type ? ROUTES_OF_TYPE[type] : undefined;
  const lifeMs = typeof duration === 'string' ? readDuration(duration) : undefined;
  const expiry = lifeMs === undefined ? {} : { expires: new Date(call.now + lifeMs).toISOString() };
  const body = changed(before, { ...asked, ...(duration === null ? { expires: null } : expiry), ...(typed && { allowed_routes: typed }) }, NOT_KEPT);
  together(
    () => requireReferences(call, body, before),
    () => requireWhole(body),
    () => requireFreeAlias(call, body, before),
    () => requireNames('guardrails', textsIn(body.guardrails), (name) => desk.guardrails.includes(name), desk.guardrails),
    () => requireNames('allowed_routes', textsIn(body.allowed_routes), (name) => desk.routes.operationsOf(name).length > 0, desk.routes.names),
  );
  const isRevived = hasExpired(before, call.now) && !hasExpired(body, call.now);
  if (isRevived || body.user_id !== before.user_id) requireRoomForKey(call, desk, body);
  return withinMaker(call, desk, withinRules(call, desk, requireOneTeam(call, body), before), before);
}

function requireWhole(body: JsonObject): void {
  const { temp_budget_increase: increase, temp_budget_expiry: expiry } = body;
  if ((increase === undefined) === (expiry === undefined)) return;
  const param = increase === undefined ? 'temp_budget_increase' : 'temp_budget_expiry';
  throw new GatewayError('invalid_request', `${param} is missing: a budget is raised by an amount and until a date`, { param });
}

/** Keys are deleted by their aliases, too. */
function requireFreeAlias({ directory }: AdminCall<unknown>, { key_alias: alias }: JsonObject, before: JsonObject): void {
  if (alias === undefined || alias === before.key_alias) return;
  if (directory.all('key').some(({ body }) => body.key_alias === alias))
    throw new GatewayError('object_exists', `There is a key with the alias '${String(alias)}' already`, { param: 'key_alias' });
}

/** Whoever pays for a key is found by one path only. */
function requireOneTeam({ directory }: AdminCall<unknown>, body: JsonObject): JsonObject {
  const project = typeof body.project_id === 'string' ? directory.get('project', body.project_id)?.body : undefined;
  const teamId = body.team_id ?? project?.team_id;
  if (project?.team_id !== undefined && project.team_id !== teamId)
    throw new GatewayError('invalid_request', 'The project is one of another team', { param: 'project_id' });
  const team = typeof teamId === 'string' ? directory.get('team', teamId)?.body : undefined;
  if (body.organization_id !== undefined && team && team.organization_id !== body.organization_id)
    throw new GatewayError('invalid_request', 'The team is one of another organization, or of none', { param: 'organization_id' });
  return teamId === undefined ? body : { ...body, team_id: teamId };
}

export function requireNames(param: string, names: readonly string[], isKnown: (name: string) => boolean, known: readonly string[]): void {
  const wrong = names.filter((name) => !isKnown(name));
  if (wrong.length === 0) return;
  const words = wrong.map((name) => {
    const suggestion = didYouMean(name, known);
    return `${param}: there is none named '${name}'.${suggestion === undefined ? '' : ` ${suggestion}`}`;
  });
  throw new GatewayError('invalid_request', words.join('\n'), { param });
}
