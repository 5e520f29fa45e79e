import type { DirectoryObject } from '../../directory/directory.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { JsonObject } from '../../types/json.ts';
import type { AdminCall } from '../admin-call.ts';
import type { InputOf, OutputOf } from '../admin-route.ts';
import type { ACCESS_GROUP_ROUTES } from '../contract/access-group-routes.ts';
import type { Work } from '../desk.ts';
import { textsIn } from '../read-body.ts';
import { asLeft, changed, listed } from './bodies.ts';

type Names = 'access_group.create' | 'access_group.list_newer' | 'access_group.get' | 'access_group.put' | 'access_group.remove';
type Routes = Pick<typeof ACCESS_GROUP_ROUTES, Names>;
type Row = OutputOf<Routes['access_group.get']>;
type Asked = Pick<InputOf<Routes['access_group.put']>, 'description' | 'access_model_names'>;

/** Access groups by the names that LiteLLM has for them since they hold more than models. */
export const newerAccessGroupWork: Work<Routes> = {
  'access_group.create'(call) {
    const { access_group_name: name, ...asked } = call.input;
    call.create('access_group', name, toBody({ model_names: [] }, asked));
    return toRow(asLeft(call, 'access_group', name));
  },

  'access_group.list_newer': (call) => listed(call.list('access_group'), call.input).map(toRow),

  'access_group.get': (call) => toRow(requireGroup(call)),

  'access_group.put'(call) {
    const { access_group_id: id, access_group_name: name, ...asked } = call.input;
    const group = requireGroup(call);
    if (name && name !== id) throw new GatewayError('invalid_request', 'An access group is named by its id, which stays', { param: 'access_group_name' });
    call.amend(group, toBody(group.body, asked));
    return toRow(asLeft(call, 'access_group', id));
  },

  'access_group.remove'(call) {
    const group = requireGroup(call);
    call.remove(group);
    return toRow(group);
  },
};

function requireGroup(call: AdminCall<{ readonly access_group_id: string }>): DirectoryObject {
  return call.require('access_group', call.input.access_group_id, 'access_group_id');
}

function toBody(before: JsonObject, { description, access_model_names: models }: Asked): JsonObject {
  return changed(before, { ...(description !== undefined && { description }), ...(models && { model_names: models }) });
}

function toRow({ id, body: { model_names: models, ...body } }: DirectoryObject): Row {
  return { ...body, access_group_id: id, access_group_name: id, access_model_names: textsIn(models) };
}
