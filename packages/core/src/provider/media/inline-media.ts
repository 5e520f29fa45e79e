import { GatewayError } from '../../errors/gateway-error.ts';
import { type Context, contextKey } from '../../pipeline/context.ts';
import { unsupportedParameter } from '../parameter-rules.ts';
import type { Mapping, ProviderCall } from '../provider.ts';
import { type Media, MediaError, type MediaFetcher } from './media-fetcher.ts';
import { mapReferences, type MediaReference, type PlacedReference, withData } from './media-parts.ts';

/** What was fetched for a call: its further tries need not fetch it again. */
const fetched = contextKey<Map<string, Media>>('media');

const MOST_FILES = 50;
const PARALLEL = 4;

/**
 * The call with the contents of addresses that its provider would not read by itself, as data URLs.
 * @throws GatewayError `media_unavailable`; `unsupported_parameter` where nothing is to be fetched.
 */
export async function inlineMedia(
  ctx: Context,
  call: ProviderCall,
  needs: NonNullable<Mapping['needsBytes']>,
  fetcher: MediaFetcher | undefined,
): Promise<ProviderCall> {
  const needed = new Map<string, PlacedReference>();
  mapReferences(call.request, (reference) => {
    if (needs(reference, call)) needed.set(keyOf(reference), reference);
    return reference.part;
  });
  const [first] = needed.values();
  if (!first) return call;
  if (!fetcher) throw unsupportedParameter(first.place, call.deployment.provider, 'it reads no addresses, and this gateway fetches none; send a data URL');
  if (needed.size > MOST_FILES) throw new GatewayError('invalid_request', `The request names over ${MOST_FILES} files`, { param: first.place });
  const media = await fetchAll(ctx, [...needed.values()], fetcher);
  const request = mapReferences(call.request, (reference) => {
    const found = needed.has(keyOf(reference)) ? media.get(keyOf(reference)) : undefined;
    return found ? withData(reference, `data:${found.mediaType};base64,${found.bytes.toString('base64')}`) : reference.part;
  });
  return { ...call, request, received: undefined };
}

/** A few at a time; the first that fails ends the others. */
async function fetchAll(ctx: Context, needed: readonly PlacedReference[], fetcher: MediaFetcher): Promise<ReadonlyMap<string, Media>> {
  const media = ctx.get(fetched) ?? new Map<string, Media>();
  ctx.set(fetched, media);
  const budget = { leftBytes: fetcher.maxBytes - [...media.values()].reduce((sum, { bytes }) => sum + bytes.length, 0) };
  const others = new AbortController();
  const tooLate = AbortSignal.timeout(fetcher.timeoutMs);
  const signal = AbortSignal.any([ctx.signal, others.signal, tooLate]);

  async function fetchOne(reference: PlacedReference): Promise<void> {
    const { kind, url, place } = reference;
    if (media.has(keyOf(reference))) return;
    try {
      media.set(keyOf(reference), await fetcher.fetch(url, { kind, signal, budget }));
    } catch (cause) {
      if (ctx.controller.isAborted) throw new GatewayError('aborted', 'The caller has left');
      const reason = tooLate.aborted ? 'it took too long' : cause instanceof MediaError ? cause.message : 'the connection failed';
      throw new GatewayError('media_unavailable', `${place} could not be fetched: ${reason}`, { param: place, cause });
    }
  }

  try {
    for (let index = 0; index < needed.length; index += PARALLEL) await Promise.all(needed.slice(index, index + PARALLEL).map(fetchOne));
    return media;
  } finally {
    others.abort();
  }
}

function keyOf({ kind, url }: MediaReference): string {
  return `${kind} ${url}`;
}
