import { aCount } from '../../requests/chat-shape.ts';
import { described, fields, list, number, only, optional, record, ruled, text, whole } from '../../requests/shape.ts';
import { type AdminRoutes, route } from '../admin-route.ts';
import { anId, anObject, aText, format, id, listing, stamps } from './field-shapes.ts';
import { ADMIN, ADMIN_VIEW, EVERYBODY } from './standings.ts';

const aModel = text({ min: 1, max: 512, isPlain: true });
const params = described(fields({ model: aModel }), 'As `litellm_params` in a file; credentials are kept sealed.');
const info = fields({ id });

/** A model as it is shown: what opens doors is masked. */
const shown = fields({
  ...stamps,
  model_name: text(),
  model_id: text(),
  litellm_params: fields({ model: text() }),
  model_info: described(fields({ id: text() }), 'With `db_model`: whether it is one of the directory’s and may be changed here.'),
});

const aFigure = optional(number(0));
const groupRow = {
  model_group: text(),
  providers: list(text()),
  input_cost_per_token: described(aFigure, 'In dollars, at the dearest deployment.'),
  output_cost_per_token: described(aFigure, 'In dollars, at the dearest deployment.'),
  rpm: described(aFigure, 'Of all deployments together; absent where one has no limit.'),
  tpm: described(aFigure, 'Of all deployments together; absent where one has no limit.'),
};

const which = only({ id });

export const MODEL_ROUTES = {
  'model.new': route({
    method: 'POST',
    path: '/model/new',
    summary: 'Add a deployment while the gateway runs',
    who: ADMIN,
    input: only({ model_name: aModel, litellm_params: params, model_info: anObject }),
    output: shown,
  }),
  'model.update': route({
    method: 'POST',
    path: '/model/update',
    summary: 'Change a deployment; of `litellm_params` what is given',
    who: ADMIN,
    input: only({ model_name: optional(aModel), litellm_params: anObject, model_info: info }),
    output: shown,
  }),
  'model.patch': route({
    method: 'PATCH',
    path: '/model/{model_id}/update',
    summary: 'The same, with the id in the path',
    who: ADMIN,
    input: only({ model_id: id, model_name: optional(aModel), litellm_params: anObject, model_info: anObject }),
    output: shown,
  }),
  'model.delete': route({
    method: 'POST',
    path: '/model/delete',
    summary: 'Remove a deployment',
    who: ADMIN,
    input: which,
    output: fields({ message: text() }),
  }),
  'model.block': route({ method: 'POST', path: '/model/block', summary: 'Have a deployment answer nobody', who: ADMIN, input: which, output: shown }),
  'model.unblock': route({ method: 'POST', path: '/model/unblock', summary: 'Have a deployment answer again', who: ADMIN, input: which, output: shown }),
  'model.info': route({
    method: 'GET',
    path: '/model/info',
    summary: 'List the deployments of the models that may be used',
    who: EVERYBODY,
    input: only({ litellm_model_id: anId }),
    output: fields({ data: list(shown) }),
  }),
  'model.info_pages': route({
    method: 'GET',
    path: '/v2/model/info',
    summary: 'The same, by pages',
    who: EVERYBODY,
    input: only({ modelId: anId, model: aText, search: aText, page: aCount, size: aCount, ...format }),
    output: fields({ data: list(shown), total_count: whole(0), current_page: whole(1), total_pages: whole(0), size: whole(1) }),
    table: { rows: 'data', columns: ['model_name', 'model_id', 'litellm_params', 'model_info'] },
  }),
  'model.groups': route({
    method: 'GET',
    path: '/model_group/info',
    summary: 'List the models that may be used, with what is known of all their deployments together',
    who: EVERYBODY,
    input: only({ model_group: anId }),
    output: fields({ data: list(fields(groupRow)) }),
  }),
} satisfies AdminRoutes;

const values = described(record(text({ min: 1, max: 32_768 })), 'Such as `api_key` and `api_base`. Sealed where they are kept, and never shown.');
const name = text({ min: 1, max: 256, isPlain: true });
const credentialShown = fields({
  ...stamps,
  credential_name: text(),
  credential_info: anObject,
  credential_values: described(record(text()), 'The names, with `***` for what they hold.'),
});

const unreadable = described(
  list(fields({ kind: text(), id: text(), fields: list(text()) })),
  'What neither the salt key nor a former one opens; it has to be sent again.',
);
const formerKeys = described(whole(0), 'Keys whose hashes were made with a former salt key; each is made anew when the key is next used, or renewed.');

export const CREDENTIAL_ROUTES = {
  'credential.reseal': route({
    method: 'POST',
    path: '/credentials/migrate-encryption',
    summary: 'Seal with the salt key what a former one has sealed, `limit` objects at a time, until `remaining` is 0',
    who: ADMIN,
    input: only({ limit: described(optional(ruled(whole(1), (value) => (value > 1000 ? 'at most 1000' : undefined))), 'Default 100.') }),
    output: fields({ resealed: list(fields({ kind: text(), id: text() })), remaining: whole(0), unreadable, former_keys: formerKeys }),
  }),
  'credential.reseal_check': route({
    method: 'GET',
    path: '/credentials/migrate-encryption/check',
    summary: 'What is still sealed or hashed by a former salt key',
    who: ADMIN_VIEW,
    input: only({}),
    output: fields({ remaining: whole(0), unreadable, former_keys: formerKeys }),
  }),
  'credential.new': route({
    method: 'POST',
    path: '/credentials',
    summary: 'Keep credentials that deployments may name',
    who: ADMIN,
    input: only({ credential_name: name, credential_values: values, credential_info: anObject }),
    output: credentialShown,
  }),
  'credential.list': route({
    method: 'GET',
    path: '/credentials',
    summary: 'List the credentials, without what they hold',
    who: ADMIN_VIEW,
    input: only(listing),
    output: fields({ credentials: list(credentialShown) }),
    table: { rows: 'credentials', columns: ['credential_name', 'credential_info', 'credential_values', ...Object.keys(stamps)] },
  }),
  'credential.info': route({
    method: 'GET',
    path: '/credentials/by_name/{credential_name}',
    summary: 'Show credentials, without what they hold',
    who: ADMIN_VIEW,
    input: only({ credential_name: name }),
    output: credentialShown,
  }),
  'credential.update': route({
    method: 'PATCH',
    path: '/credentials/{credential_name}',
    summary: 'Change credentials; of the values those that are given',
    who: ADMIN,
    input: only({ credential_name: name, credential_values: optional(values), credential_info: anObject }),
    output: credentialShown,
  }),
  'credential.delete': route({
    method: 'DELETE',
    path: '/credentials/{credential_name}',
    summary: 'Forget credentials that no deployment names',
    who: ADMIN,
    input: only({ credential_name: name }),
    output: credentialShown,
  }),
} satisfies AdminRoutes;
