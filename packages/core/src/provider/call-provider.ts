import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { toFormRequest } from '../requests/form-request.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import type { Deployment } from '../types/model.ts';
import { amendedRequest } from './amended-request.ts';
import { withCachePoints } from './cache-points.ts';
import { collect } from './collect.ts';
import { type AskOptions, followJob } from './follow-job.ts';
import { inlineMedia } from './media/inline-media.ts';
import { wantsPicturesInline, withPicturesInline } from './media/inline-pictures.ts';
import type { MediaFetcher } from './media/media-fetcher.ts';
import type { Mapping, Provider, ProviderCall, WireRequest, WireResponse } from './provider.ts';
import { mappingOf, providerOf } from './provider-of.ts';
import { readAnswer } from './read-answer.ts';
import type { Transport } from './transport.ts';

export type UpstreamLimits = {
  /** Longest wait for the head of an answer, where the deployment does not say. */
  readonly timeoutMs: number;
  /** Longest silence inside an answer. */
  readonly idleTimeoutMs: number;
  /** Longest complete answer that is read. */
  readonly maxAnswerBytes: number;
};

export type CallProviderOptions = {
  readonly providers: readonly Provider[];
  readonly transport: Transport;
  /** Read anew for each call. */
  readonly limits: UpstreamLimits;
  /** Fetches what providers do not read by address. Absent: nothing is fetched. */
  readonly media?: MediaFetcher | undefined;
};

/** The innermost handler: one call to the deployment that the router picked. */
export function callProvider(options: CallProviderOptions): Handler {
  const find = providerOf(options.providers);

  return async (ctx) => {
    const { deployment } = ctx;
    if (!deployment) throw new GatewayError('internal', 'No deployment was picked: is a router among the hooks?');
    const provider = find(deployment);
    const mapping = mappingOf(provider, ctx.operation, deployment);
    if (!provider || !mapping)
      throw new GatewayError('unsupported_operation', `Provider '${deployment.standIn ?? deployment.provider}' cannot do '${ctx.operation}'`);

    const form = mapping.readsForm ? await ctx.upload?.whole() : undefined;
    // What stands behind a large file was not known before.
    if (form) ctx.request = { ...toFormRequest(form.fields), ...ctx.request };
    const given = { ...toProviderCall(ctx, deployment, mapping), form };
    const call = mapping.needsBytes ? await inlineMedia(ctx, given, mapping.needsBytes, options.media) : given;
    const firstTokenMs = call.request.stream === true ? deployment.firstTokenTimeoutMs : undefined;
    const timeoutMs = Math.min(deployment.timeoutMs ?? options.limits.timeoutMs, firstTokenMs ?? Infinity);
    const { maxAnswerBytes } = options.limits;
    const ask = (wire: WireRequest, asked: AskOptions): Promise<WireResponse> => exchange({ provider, mapping, call, options }, wire, asked);
    const isInline = wantsPicturesInline(mapping, call, options.media);
    const wire = mapping.toRequest(call);
    const sentAt = performance.now();
    let response = await ask(wire, { controller: ctx.controller, timeoutMs, isSigned: true });
    if (mapping.follow) response = await followJob(response, { ctx, mapping, call, url: wire.url, timeoutMs, maxAnswerBytes, ask });
    ctx.upstreamMs += performance.now() - sentAt;
    const firstEventMs = firstTokenMs === undefined ? undefined : Math.max(1, firstTokenMs - (performance.now() - sentAt));
    const reply = await readAnswer(ctx, mapping, call, response, { maxBytes: maxAnswerBytes, firstEventMs });
    return isInline && options.media ? await withPicturesInline(ctx, reply, options.media) : reply;
  };
}

/** A call as a mapping sees it: with the deployment's defaults and by its rules. */
export function toProviderCall(ctx: Context, deployment: Deployment, { needs = [] }: Mapping): ProviderCall {
  const request = withCachePoints(amendedRequest(withDefaults(ctx.request, deployment.defaults), deployment, needs), deployment);
  return { operation: ctx.operation, request, deployment, received: request === ctx.request ? ctx.received : undefined, upload: ctx.upload };
}

function withDefaults(request: ModelRequest, defaults: JsonObject | undefined): ModelRequest {
  let filled: Record<string, unknown> | undefined;
  for (const field in defaults) if (request[field] === undefined) (filled ??= { ...request })[field] = defaults[field];
  return (filled as ModelRequest | undefined) ?? request;
}

type Line = { readonly provider: Provider; readonly mapping: Mapping; readonly call: ProviderCall; readonly options: CallProviderOptions };

/** One request and its success. @throws GatewayError for any other answer. */
async function exchange(
  { provider, mapping, call, options }: Line,
  mapped: WireRequest,
  { controller, timeoutMs, isSigned }: AskOptions,
): Promise<WireResponse> {
  const { limits, transport } = options;
  const { idleTimeoutMs = limits.idleTimeoutMs } = call.deployment;
  const wire = provider.sign && isSigned ? await provider.sign(mapped, call.deployment) : mapped;
  const response = await (provider.send
    ? provider.send(wire, { signal: controller.signal, timeoutMs, idleTimeoutMs, call })
    : transport.send(wire, { controller, timeoutMs, idleTimeoutMs }));
  if (response.status >= 200 && response.status < 300) return response;
  const body = await collect(response.body, limits.maxAnswerBytes);
  throw mapping.toError({ status: response.status, headers: response.headers, body: body.toString('utf8') }, call);
}
