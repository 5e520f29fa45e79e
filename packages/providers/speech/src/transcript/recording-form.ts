import { formBody, formTexts, type JsonObject, onlyFile, type ProviderCall, type WireRequest } from '@sluice/core';
import type { BaseEndpoint } from '@sluice/openai-wire';

/** The caller's recording in a form with other fields, as `field`: a list gives its name once for each of its items, an object is JSON. */
export function recordingForm({ form }: ProviderCall, { headers }: BaseEndpoint, fields: JsonObject, field = 'file'): Pick<WireRequest, 'headers' | 'body'> {
  const { contentType, body } = formBody(formTexts(fields), [{ ...onlyFile(form), field }]);
  return { headers: { ...headers, 'content-type': contentType }, body };
}
