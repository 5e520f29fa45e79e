import { formBody, GatewayError, type JsonObject, knownFields, type Mapping, onlyFile, type ProviderCall, refuser } from '@sluice/core';
import type { EndpointOf } from '@sluice/openai-wire';
import { toError } from './to-error.ts';

const KNOWN = ['file', 'language', 'temperature', 'response_format', 'stream'];

/** Words and nothing beside them. https://docs.cohere.com/reference/create-audio-transcription */
export function transcription(endpointOf: EndpointOf): Mapping {
  return {
    readsForm: true,
    toRequest(call) {
      const { url, headers } = endpointOf(call.deployment);
      const { contentType, body } = formBody(fieldsOf(call), [onlyFile(call.form)]);
      return { url: url('audio.transcribe'), headers: { ...headers, 'content-type': contentType }, body };
    },
    toReply: (body) => ({ text: textOf(body) }),
    toBytes: (body, { request }) =>
      request.response_format === 'text' ? { contentType: 'text/plain; charset=utf-8', bytes: Buffer.from(textOf(body)) } : undefined,
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}

/** They have to stand before the file. @throws GatewayError `invalid_request` without a language, which Cohere does not find out by itself. */
function fieldsOf(call: ProviderCall): readonly (readonly [string, string])[] {
  const { deployment } = call;
  const refuse = refuser(deployment);
  const { language, temperature, response_format: format = 'json', stream = false } = knownFields(call, KNOWN);
  if (format !== 'json' && format !== 'text') refuse('response_format', 'it tells no times: json or text');
  if (String(stream) === 'true') refuse('stream', 'a transcript comes whole');
  if (typeof language !== 'string' || language === '')
    throw new GatewayError('invalid_request', "Cohere has to be told the language of the recording, such as 'en'", { param: 'language' });
  return [['model', deployment.model], ['language', language], ...(temperature === undefined ? [] : [['temperature', String(temperature)] as const])];
}

function textOf(body: unknown): string {
  const { text } = body as JsonObject;
  if (typeof text === 'string') return text;
  throw new GatewayError('upstream_invalid_answer', "The provider's answer has no 'text'");
}
