import type { DirectoryObject } from '../../directory/directory.ts';
import { withCredential } from '../../directory/with-credential.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import { mayUse } from '../../models/may-use.ts';
import type { JsonObject } from '../../types/json.ts';
import type { ModelGroup } from '../../types/model-group.ts';
import type { AdminCall } from '../admin-call.ts';
import type { OutputOf } from '../admin-route.ts';
import { masked } from '../audit.ts';
import type { MODEL_ROUTES } from '../contract/model-routes.ts';
import type { Desk, Work } from '../desk.ts';
import { newId } from '../new-id.ts';
import { isObject, textOf } from '../read-body.ts';
import { asLeft, changed } from './bodies.ts';

type Routes = typeof MODEL_ROUTES;
type Row = OutputOf<Routes['model.new']>;

export const modelWork: Work<Routes> = {
  'model.new'(call, desk) {
    const { model_name, litellm_params, model_info } = call.input;
    const id = textOf(model_info?.id) ?? newId();
    requireFree(desk, id);
    call.create('model', id, toStored(call, desk, { model_name, litellm_params, model_info: { ...model_info, id } }));
    return toRow(asLeft(call, 'model', id));
  },

  'model.update': (call, desk) => change(call, desk, call.input.model_info.id, call.input),

  'model.patch'(call, desk) {
    const { model_id: id, ...asked } = call.input;
    return change(call, desk, id, asked);
  },

  'model.delete'(call, desk) {
    call.remove(requireModel(call, desk, call.input.id));
    return { message: `Model: ${call.input.id} deleted successfully` };
  },

  'model.block': (call, desk) => setBlocked(call, desk, true),
  'model.unblock': (call, desk) => setBlocked(call, desk, false),

  'model.info'(call, desk) {
    const rows = knownRows(call, desk);
    const { litellm_model_id: id } = call.input;
    const data = id ? rows.filter(({ model_id: one }) => one === id) : rows;
    if (id && data.length === 0) throw new GatewayError('object_not_found', `There is no model '${id}'`, { param: 'litellm_model_id' });
    return { data };
  },

  'model.info_pages'(call, desk) {
    const { modelId, model, search, page, size } = call.input;
    const found = knownRows(call, desk).filter(
      ({ model_id: id, model_name: name }) =>
        (!modelId || id === modelId) && (!model || name === model) && (!search || name.toLowerCase().includes(search.toLowerCase())),
    );
    const [number, length] = [page ?? 1, size ?? 50];
    return {
      data: found.slice((number - 1) * length, number * length),
      total_count: found.length,
      current_page: number,
      total_pages: Math.ceil(found.length / length),
      size: length,
    };
  },

  'model.groups'(call, desk) {
    const { model_group: name } = call.input;
    const data = usableGroups(call, desk).filter((group) => !name || group.name === name);
    if (name && data.length === 0) throw new GatewayError('object_not_found', `There is no model '${name}'`, { param: 'model_group' });
    return { data: data.map(toGroupRow) };
  },
};

/** Those that whoever asks may use; administrators see all. */
function usableGroups({ actor: { principal, standings } }: AdminCall<unknown>, desk: Desk): readonly ModelGroup[] {
  const seesAll = standings.has('proxy_admin') || standings.has('proxy_admin_viewer');
  return desk.models.groups.filter(({ name }) => seesAll || mayUse({ principal }, name));
}

function knownRows(call: AdminCall<unknown>, desk: Desk): readonly Row[] {
  return usableGroups(call, desk).flatMap(({ name, deployments }) =>
    deployments.map(({ id, provider, model }) => toKnownRow(call, name, id, `${provider}/${model}`)),
  );
}

function toGroupRow({ name, deployments }: ModelGroup): OutputOf<(typeof MODEL_ROUTES)['model.groups']>['data'][number] {
  const prices = deployments.flatMap(({ price }) => price ?? []);
  const perToken = (of: 'input' | 'output'): number => Math.max(...prices.map((price) => price[of])) / 1e15;
  const sumOf = (limit: 'requestsPerMinute' | 'tokensPerMinute'): number | undefined =>
    deployments.every((one) => one[limit] !== undefined) ? deployments.reduce((sum, one) => sum + (one[limit] ?? 0), 0) : undefined;
  const [rpm, tpm] = [sumOf('requestsPerMinute'), sumOf('tokensPerMinute')];
  return {
    model_group: name,
    providers: [...new Set(deployments.map(({ provider }) => provider))],
    ...(prices.length > 0 && { input_cost_per_token: perToken('input'), output_cost_per_token: perToken('output') }),
    ...(rpm === undefined ? {} : { rpm }),
    ...(tpm === undefined ? {} : { tpm }),
  };
}

type Asked = { readonly model_name?: string | null; readonly litellm_params?: JsonObject | null; readonly model_info?: JsonObject | null };

function change(call: AdminCall<unknown>, desk: Desk, id: string, asked: Asked): Row {
  const model = requireModel(call, desk, id);
  const params = changed(objectIn(model.body.litellm_params), asked.litellm_params ?? {});
  const info = { ...changed(objectIn(model.body.model_info), asked.model_info ?? {}), id };
  call.amend(
    model,
    toStored(call, desk, { ...model.body, ...(asked.model_name && { model_name: asked.model_name }), litellm_params: params, model_info: info }),
  );
  return toRow(asLeft(call, 'model', id));
}

function setBlocked(call: AdminCall<{ readonly id: string }>, desk: Desk, isBlocked: boolean): Row {
  const model = requireModel(call, desk, call.input.id);
  call.amend(model, changed(model.body, { blocked: isBlocked || null }), isBlocked ? 'blocked' : 'unblocked');
  return toRow(asLeft(call, 'model', model.id));
}

/** What the directory will keep, once the whole of it, credentials by name included, was found right. */
function toStored({ directory }: AdminCall<unknown>, desk: Desk, entry: JsonObject): JsonObject {
  try {
    desk.models.read(withCredential(entry, directory));
    return desk.seal.seal(entry);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [problem] = error.problems;
    if (problem?.place === 'modelReader')
      throw new GatewayError(
        'directory_missing',
        'This gateway cannot read models of its directory: give it a `modelReader`, such as `litellmModelReader()` of @sluice/config',
      );
    const words = error.problems.map(({ place, message, suggestion }) => `${place}: ${message}${suggestion ? ` ${suggestion}` : ''}`).join('\n');
    throw new GatewayError('invalid_request', words, problem ? { param: problem.place } : {});
  }
}

function requireFree(desk: Desk, id: string): void {
  const isTaken = desk.models.groups.some(({ deployments }) => deployments.some((one) => one.id === id));
  if (isTaken) throw new GatewayError('object_exists', `There is a model '${id}' already`, { param: 'model_info.id' });
}

function requireModel(call: AdminCall<unknown>, desk: Desk, id: string): DirectoryObject {
  const isDeclared = !call.directory.get('model', id) && desk.models.groups.some(({ deployments }) => deployments.some((one) => one.id === id));
  if (isDeclared) throw new GatewayError('not_permitted', `The model '${id}' is declared where the gateway is configured, and changed there`, { param: 'id' });
  return call.require('model', id, 'id');
}

/** Of the directory's models all that is written of them; of declared ones, what they call. */
function toKnownRow({ directory, actor }: AdminCall<unknown>, name: string, id: string, model: string): Row {
  const kept = directory.get('model', id);
  const isAdmin = actor.standings.has('proxy_admin') || actor.standings.has('proxy_admin_viewer');
  return kept && isAdmin ? toRow(kept) : { model_name: name, model_id: id, litellm_params: { model }, model_info: { id, ...{ db_model: kept !== undefined } } };
}

function toRow({ id, body }: DirectoryObject): Row {
  const row = masked(body) as Row;
  return { ...row, model_id: id, model_info: { ...row.model_info, id, ...{ db_model: true } } };
}

function objectIn(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
