import { encodeEmbeddings, type JsonObject, type Mapping, type WireEvent } from '@sluice/core';
import type { EndpointOf } from './endpoint.ts';
import type { Host, ModelOperation } from './host.ts';
import { countRequest } from './count-request.ts';
import { batchRequest, objectRequest, uploadRequest } from './object-requests.ts';
import { mendAnswers } from './quirks/mend.ts';
import type { Quirk } from './quirks/quirk.ts';
import { QUIRKS } from './quirks/quirks.ts';
import { readEventUsage, readHostUsage } from './read-host-usage.ts';
import { toError } from './to-error.ts';
import { fileRequest, jsonRequest } from './to-request.ts';

/** The mapping of every operation that `host` has. Hosts without quirks pass bytes through in both directions. */
export function mappingsOf(host: Host, endpointOf: EndpointOf): Partial<Record<ModelOperation, Mapping>> {
  const quirks = host.quirks.map((name): Quirk => QUIRKS[name]);
  return Object.fromEntries(host.operations.map((operation) => [operation, toMapping(operation, { quirks, lacks: host.lacks ?? [], endpointOf })]));
}

type Parts = { readonly quirks: readonly Quirk[]; readonly lacks: readonly string[]; readonly endpointOf: EndpointOf };

function toMapping(operation: ModelOperation, { quirks, lacks, endpointOf }: Parts): Mapping {
  const plain = {
    toRequest: jsonRequest(endpointOf, []),
    toError: ((error, call) => toError(error, endpointOf(call.deployment).key)) satisfies Mapping['toError'],
  };
  switch (operation) {
    case 'chat':
      return { ...plain, toRequest: jsonRequest(endpointOf, quirks, { asksForUsage: true, lacks }), ...mendAnswers(quirks) };
    case 'completions':
      return { ...plain, toRequest: jsonRequest(endpointOf, quirks, { asksForUsage: true }), toUsage: readHostUsage };
    case 'embeddings':
      return { ...plain, ...embeddings(endpointOf, quirks), toUsage: readHostUsage };
    case 'moderations':
    case 'rerank':
    case 'ocr':
      return plain;
    case 'images.generate':
      return { ...plain, isEnd: isOfType('image_generation.completed') };
    case 'images.edit':
      return { ...plain, toRequest: fileRequest(endpointOf), isEnd: isOfType('image_edit.completed') };
    case 'audio.speech':
      return { ...plain, answersBytes: true, isEnd: isOfType('speech.audio.done') };
    case 'audio.transcribe':
    case 'audio.translate':
      // Besides JSON there are plain text and two subtitle formats.
      return { ...plain, toRequest: fileRequest(endpointOf), answersBytes: true, isEnd: isOfType('transcript.text.done') };
    case 'tokens.count':
      return { ...plain, toRequest: countRequest(endpointOf) };
    case 'files.create':
      return { ...plain, toRequest: uploadRequest(endpointOf) };
    case 'files.content':
      return { ...plain, toRequest: objectRequest(endpointOf, 'GET'), answersBytes: 'always' };
    case 'files.get':
    case 'batches.get':
      return { ...plain, toRequest: objectRequest(endpointOf, 'GET') };
    case 'files.delete':
      return { ...plain, toRequest: objectRequest(endpointOf, 'DELETE') };
    case 'batches.cancel':
      return { ...plain, toRequest: objectRequest(endpointOf, 'POST') };
    case 'batches.create':
      return { ...plain, toRequest: batchRequest(endpointOf) };
    case 'responses':
      return { ...plain, toUsage: readEventUsage, isEnd: isOfType('response.completed', 'response.incomplete', 'response.failed') };
  }
}

function embeddings(endpointOf: EndpointOf, quirks: readonly Quirk[]): Pick<Mapping, 'toReply'> & Partial<Mapping> {
  const vectors = quirks.find((quirk) => quirk.vectors)?.vectors;
  if (!vectors) return { toReply: encodeEmbeddings };
  return {
    toRequest: jsonRequest(endpointOf, [{ toRequest: vectors.toRequest }]),
    toReply: (body, call) => encodeEmbeddings(vectors.toReply(body as JsonObject, call.request), call),
  };
}

/** By the event's name, or by the type that its data says where events are not named. */
function isOfType(...types: readonly string[]): (event: WireEvent) => boolean {
  const says = types.map((type) => new RegExp(`"type"\\s*:\\s*"${type.replaceAll('.', '\\.')}"`));
  return ({ event, data }) => (event === undefined ? says.some((pattern) => pattern.test(data)) : types.includes(event));
}
