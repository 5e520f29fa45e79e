import { type JsonObject, type Mapping, type ModelRequest, type ProviderCall, readUsage, type Usage, type WireEvent, type WireRequest } from '@sluice/core';
import { endpoints, type Endpoint } from './endpoint.ts';
import type { Host, ModelOperation } from './host.ts';
import type { Quirk } from './quirks/quirk.ts';
import { QUIRKS } from './quirks/quirks.ts';
import { toJsonBody } from './request-body.ts';
import { toError } from './to-error.ts';

/** The mapping of every operation that `host` has. Hosts without quirks pass bytes through in both directions. */
export function mappingsOf(host: Host): Partial<Record<ModelOperation, Mapping>> {
  const endpointOf = endpoints(host);
  const quirks = host.quirks.map((name): Quirk => QUIRKS[name]);
  return Object.fromEntries(host.operations.map((operation) => [operation, toMapping(operation, quirks, (call) => endpointOf(call.deployment))]));
}

function toMapping(operation: ModelOperation, quirks: readonly Quirk[], endpointOf: (call: ProviderCall) => Endpoint): Mapping {
  switch (operation) {
    case 'chat':
      return { toRequest: jsonRequest(endpointOf, quirks, true), ...quirkyAnswers(quirks), toUsage: readHostUsage, toError };
    case 'completions':
      return { toRequest: jsonRequest(endpointOf, quirks, true), toUsage: readHostUsage, toError };
    case 'responses':
      return {
        toRequest: jsonRequest(endpointOf, [], false),
        toUsage: usageOfEvent,
        isEnd: endsWithType('response.completed', 'response.incomplete', 'response.failed'),
        toError,
      };
    case 'audio.speech':
      return { toRequest: jsonRequest(endpointOf, [], false), answersBytes: true, toUsage: usageOfEvent, isEnd: endsWithType('speech.audio.done'), toError };
    case 'audio.transcribe':
    case 'audio.translate':
      // Besides JSON there are plain text and two subtitle formats.
      return { toRequest: uploadRequest(endpointOf), answersBytes: true, isEnd: endsWithType('transcript.text.done'), toError };
    case 'images.edit':
      return { toRequest: uploadRequest(endpointOf), isEnd: endsWithType('image_edit.completed'), toError };
    case 'images.generate':
      return { toRequest: jsonRequest(endpointOf, [], false), isEnd: endsWithType('image_generation.completed'), toError };
    default:
      return { toRequest: jsonRequest(endpointOf, [], false), toError };
  }
}

function jsonRequest(endpointOf: (call: ProviderCall) => Endpoint, quirks: readonly Quirk[], reportsUsage: boolean): Mapping['toRequest'] {
  const rewrites = quirks.flatMap(({ toRequest }) => toRequest ?? []);
  const asksForUsage = reportsUsage && !quirks.some(({ refusesStreamOptions }) => refusesStreamOptions);
  return (call): WireRequest => {
    const endpoint = endpointOf(call);
    const request = rewrites.reduce<ModelRequest>((rewritten, rewrite) => rewrite(rewritten), call.request);
    return { url: endpoint.url(call.operation as ModelOperation), headers: endpoint.jsonHeaders, body: toJsonBody(call, request, asksForUsage) };
  };
}

/** Files go on as they come; images may also be named by URL in plain JSON. */
function uploadRequest(endpointOf: (call: ProviderCall) => Endpoint): Mapping['toRequest'] {
  const withoutFile = jsonRequest(endpointOf, [], false);
  return (call) => {
    const { upload, deployment, operation } = call;
    if (!upload) return withoutFile(call);
    const endpoint = endpointOf(call);
    return {
      url: endpoint.url(operation as ModelOperation),
      headers: { ...endpoint.headers, 'content-type': upload.contentType },
      body: upload.body({ model: deployment.model }),
    };
  };
}

/** Nothing at all for a host without quirks in its answers. */
function quirkyAnswers(quirks: readonly Quirk[]): Pick<Mapping, 'toReply' | 'toChunks' | 'isEnd'> {
  const replies = quirks.flatMap(({ toReply }) => toReply ?? []);
  const chunks = quirks.flatMap(({ chunks }) => chunks ?? []);
  const ends = quirks.flatMap(({ isEnd }) => isEnd ?? []);
  return {
    ...(replies.length > 0 && { toReply: (body) => replies.reduce((reply, fix) => fix(reply), body as JsonObject) }),
    ...(chunks.length > 0 && { toChunks: () => mendChunks(chunks) }),
    ...(ends.length > 0 && { isEnd: ({ data }) => data === '[DONE]' || ends.some((isEnd) => isEnd(data)) }),
  };
}

function mendChunks(quirks: readonly NonNullable<Quirk['chunks']>[]): (event: WireEvent) => readonly JsonObject[] | undefined {
  const mappers = quirks.map((quirk) => quirk.mapper());
  return ({ data }) => {
    if (!quirks.some(({ concerns }) => concerns.test(data))) return undefined;
    return mappers.reduce<readonly JsonObject[]>((chunks, mapper) => chunks.flatMap(mapper), [JSON.parse(data) as JsonObject]);
  };
}

/** Cached tokens have gone by other names than OpenAI's. */
function readHostUsage(reply: JsonObject): Usage | undefined {
  const usage = readUsage(reply);
  if (!usage || usage.cachedInputTokens !== undefined) return usage;
  const { prompt_cache_hit_tokens: hit, cached_tokens: cached, num_cached_tokens: numCached } = reply.usage as JsonObject;
  const found = [hit, cached, numCached].find((count): count is number => typeof count === 'number' && count > 0);
  return found === undefined || found > usage.inputTokens ? usage : { ...usage, cachedInputTokens: found };
}

/** In streams of the Responses API the whole response, and with it the usage, stands inside the event. */
function usageOfEvent(event: JsonObject): Usage | undefined {
  return readUsage((event.response as JsonObject | null | undefined) ?? event);
}

function endsWithType(...types: readonly string[]): (event: WireEvent) => boolean {
  const pattern = new RegExp(`^\\s*\\{\\s*"type"\\s*:\\s*"(?:${types.join('|').replaceAll('.', '\\.')})"`);
  return ({ event, data }) => data === '[DONE]' || (event === undefined ? pattern.test(data) : types.includes(event));
}
