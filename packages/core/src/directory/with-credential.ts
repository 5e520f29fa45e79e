import { ConfigurationError } from '../errors/configuration-error.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import type { JsonObject } from '../types/json.ts';
import type { Directory } from './directory.ts';

/**
 * A model of the directory's with what its `litellm_credential_name` stands for, still sealed; its own fields go first.
 * @throws ConfigurationError where there are no such credentials.
 */
export function withCredential(entry: JsonObject, directory: Directory): JsonObject {
  const { litellm_credential_name: name, ...params } = (entry.litellm_params ?? {}) as JsonObject;
  if (typeof name !== 'string') return entry;
  const values = directory.get('credential', name)?.body.credential_values as JsonObject | undefined;
  if (values) return { ...entry, litellm_params: { ...values, ...params } };
  const suggestion = didYouMean(
    name,
    directory.all('credential').map(({ id }) => id),
  );
  const message = `There are no credentials named '${name}'.`;
  throw new ConfigurationError([{ place: 'litellm_params.litellm_credential_name', message, ...(suggestion === undefined ? {} : { suggestion }) }]);
}
