import type { DirectoryObject } from '../../directory/directory.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { AdminCall } from '../admin-call.ts';
import type { OutputOf } from '../admin-route.ts';
import { MASK } from '../audit.ts';
import type { CREDENTIAL_ROUTES } from '../contract/model-routes.ts';
import type { Work } from '../desk.ts';
import { isObject, textOf } from '../read-body.ts';
import { asLeft, changed, listed, shown } from './bodies.ts';
import { resealWork } from './reseal-work.ts';

type Routes = typeof CREDENTIAL_ROUTES;
type Row = OutputOf<Routes['credential.new']>;

export const credentialWork: Work<Routes> = {
  ...resealWork,

  'credential.new'(call, desk) {
    const { credential_name: name, credential_values: values, credential_info } = call.input;
    call.create('credential', name, changed({}, { credential_values: desk.seal.sealAll(values), credential_info }));
    return toRow(asLeft(call, 'credential', name));
  },

  'credential.list': (call) => ({ credentials: listed(call.list('credential'), call.input).map(toRow) }),

  'credential.info': (call) => toRow(requireCredential(call)),

  'credential.update'(call, desk) {
    const credential = requireCredential(call);
    const { credential_values: values, credential_info } = call.input;
    const before = isObject(credential.body.credential_values) ? credential.body.credential_values : {};
    const asked = {
      ...(values && { credential_values: { ...before, ...desk.seal.sealAll(values) } }),
      ...(credential_info !== undefined && { credential_info }),
    };
    call.amend(credential, changed(credential.body, asked));
    return toRow(asLeft(call, 'credential', credential.id));
  },

  'credential.delete'(call) {
    const credential = requireCredential(call);
    const user = call.directory
      .all('model')
      .find(({ body }) => isObject(body.litellm_params) && textOf(body.litellm_params.litellm_credential_name) === credential.id);
    if (user) throw new GatewayError('object_in_use', `'${credential.id}' is named by the model '${user.id}'`);
    call.remove(credential);
    return toRow(credential);
  },
};

function requireCredential(call: AdminCall<{ readonly credential_name: string }>): DirectoryObject {
  return call.require('credential', call.input.credential_name, 'credential_name');
}

function toRow(credential: DirectoryObject): Row {
  const values = isObject(credential.body.credential_values) ? credential.body.credential_values : {};
  return shown(credential, 'credential_name', { credential_values: Object.fromEntries(Object.keys(values).map((name) => [name, MASK])) });
}
