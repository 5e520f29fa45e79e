export {
  type BaseEndpoint,
  type BaseEndpointOf,
  type Endpoint,
  type EndpointOf,
  endpoints,
  FILE_OPERATIONS,
  FILE_PATHS,
  firstSet,
  HOST_OPERATIONS,
  problemsOf,
  withId,
} from './endpoint.ts';
export type { Environment, Host, HostVariables, MappedFileOperation, ModelOperation } from './host.ts';
export { mappingsOf } from './mapping.ts';
export { mendAnswers } from './quirks/mend.ts';
export { omit, type Quirk, renamed } from './quirks/quirk.ts';
export { type QuirkName, QUIRKS } from './quirks/quirks.ts';
export { discoverOwnForm, type HostOptions, type OwnForm, ownFormProvider } from './own-form.ts';
export { readHostUsage } from './read-host-usage.ts';
export { toError } from './to-error.ts';
export { toProvider, toSecret } from './to-provider.ts';
export { fileRequest, jsonRequest } from './to-request.ts';
