import { GatewayError } from '../../errors/gateway-error.ts';
import type { Context } from '../../pipeline/context.ts';
import { LazyJson } from '../../stream/lazy-json.ts';
import type { Reply } from '../../types/call.ts';
import type { JsonObject } from '../../types/json.ts';
import { unsupportedParameter } from '../parameter-rules.ts';
import type { Mapping, ProviderCall } from '../provider.ts';
import { type ByteBudget, MediaError, type MediaFetcher } from './media-fetcher.ts';

/** Whether the caller wants bytes of a provider that answers with addresses. @throws GatewayError `unsupported_parameter` where nothing is to be fetched. */
export function wantsPicturesInline({ answersByAddress }: Mapping, { request, deployment }: ProviderCall, fetcher: MediaFetcher | undefined): boolean {
  if (!answersByAddress || request.response_format !== 'b64_json') return false;
  if (!fetcher) throw unsupportedParameter('response_format', deployment.provider, 'it answers with addresses, and this gateway fetches none');
  return true;
}

/**
 * The answer with its pictures as bytes. They are paid for by now, so that a call whose picture is not to be had has
 * failed for good.
 * @throws GatewayError `upstream_invalid_answer`.
 */
export async function withPicturesInline(ctx: Context, reply: Reply, fetcher: MediaFetcher): Promise<Reply> {
  if (reply.kind !== 'complete') return reply;
  const { data, ...rest } = reply.body.value;
  const budget = { leftBytes: fetcher.maxBytes };
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(fetcher.timeoutMs)]);
  const pictures = await Promise.all((data as readonly JsonObject[]).map((picture) => inline(picture, { ctx, fetcher, signal, budget })));
  return { kind: 'complete', body: LazyJson.ofValue({ ...rest, data: pictures }) };
}

type Fetching = { readonly ctx: Context; readonly fetcher: MediaFetcher; readonly signal: AbortSignal; readonly budget: ByteBudget };

async function inline(picture: JsonObject, { ctx, fetcher, signal, budget }: Fetching): Promise<JsonObject> {
  const { url, ...rest } = picture;
  if (typeof url !== 'string') return picture;
  try {
    const { bytes } = await fetcher.fetch(url, { kind: 'image', signal, budget });
    return { ...rest, b64_json: bytes.toString('base64') };
  } catch (cause) {
    if (ctx.controller.isAborted) throw new GatewayError('aborted', 'The caller has left');
    const reason = signal.aborted ? 'it took too long' : cause instanceof MediaError ? cause.message : 'the connection failed';
    throw new GatewayError('upstream_invalid_answer', `The picture that was drawn could not be fetched: ${reason}`, { cause });
  }
}
