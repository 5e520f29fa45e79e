import { Agent, type Dispatcher } from 'undici';
import { guardedConnector, type Lookup, NotPublicError } from './guarded-connector.ts';
import { type MediaKind, mediaTypeOf } from './media-type.ts';

export type MediaOptions = {
  /** Hosts (`name` or `name:port`) that may be fetched from though they are not public. Default: none. */
  readonly allowHosts?: readonly string[];
  /** All that is fetched for one call, in bytes. Default 20 MiB. */
  readonly maxBytes?: number;
  /** Longest wait for all of that, in milliseconds. Default 15 seconds. */
  readonly timeoutMs?: number;
};

export type Media = { readonly bytes: Buffer; readonly mediaType: string };

/** How much the files of one call may still hold. */
export type ByteBudget = { leftBytes: number };

export type MediaRequest = { readonly kind: MediaKind; readonly signal: AbortSignal; readonly budget: ByteBudget };

/** Why a file cannot be had, in words for the caller that follow "could not be fetched: ". */
export class MediaError extends Error {
  override readonly name = 'MediaError';
}

export type MediaFetcher = {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** @throws MediaError */
  fetch(url: string, request: MediaRequest): Promise<Media>;
  close(): Promise<void>;
};

const MIB = 1024 * 1024;
const MOST_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * The one door to addresses that callers name. Public addresses only, at every step of a redirect; without cookies,
 * credentials or proxy; bounded in size and time.
 */
export function mediaFetcher({ allowHosts = [], maxBytes = 20 * MIB, timeoutMs = 15_000 }: MediaOptions, lookup?: Lookup): MediaFetcher {
  const hosts = new Set(allowHosts.map((host) => host.toLowerCase()));
  const agent = new Agent({ connect: guardedConnector({ allowHosts: hosts, connectTimeoutMs: timeoutMs, lookup }), keepAliveTimeout: 1, pipelining: 0 });

  async function follow(url: string, request: MediaRequest): Promise<Media> {
    let place = toPlace(url);
    for (let steps = 0; steps <= MOST_REDIRECTS; steps += 1) {
      const { statusCode, headers, body } = await get(place, request.signal);
      if (!REDIRECTS.has(statusCode)) return await read({ statusCode, headers, body }, request);
      drop(body);
      place = redirected(place, headers.location);
    }
    throw new MediaError('it is redirected too often');
  }

  function get({ origin, pathname, search }: URL, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'sluice' };
    return agent.request({ origin, path: `${pathname}${search}`, method: 'GET', headers, signal, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  }

  return {
    maxBytes,
    timeoutMs,
    fetch: (url, request) => follow(url, request).catch((error: unknown) => Promise.reject(toMediaError(error))),
    close: () => agent.destroy(),
  };
}

function toPlace(url: string): URL {
  const place = URL.canParse(url) ? new URL(url) : undefined;
  if (!place || !/^https?:$/.test(place.protocol)) throw new MediaError('it is not an http(s) URL');
  if (place.username !== '' || place.password !== '') throw new MediaError('it holds a credential');
  return place;
}

function redirected(from: URL, location: string | string[] | undefined): URL {
  if (typeof location !== 'string' || !URL.canParse(location, from.href)) throw new MediaError('it is redirected to nowhere');
  const place = toPlace(new URL(location, from).href);
  if (from.protocol === 'https:' && place.protocol === 'http:') throw new MediaError('it is redirected out of https');
  return place;
}

async function read(
  { statusCode, headers, body }: Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'>,
  { kind, budget }: MediaRequest,
): Promise<Media> {
  try {
    if (statusCode !== 200) throw new MediaError(`it answered with status ${statusCode}`);
    if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') throw new MediaError('it came packed');
    if (Number(headers['content-length']) > budget.leftBytes) throw tooLarge();
    const chunks: Buffer[] = [];
    for await (const chunk of body as AsyncIterable<Buffer>) {
      budget.leftBytes -= chunk.length;
      if (budget.leftBytes < 0) throw tooLarge();
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    const mediaType = mediaTypeOf(bytes, String(headers['content-type'] ?? ''), kind);
    if (mediaType === undefined) throw new MediaError(`it is no ${kind === 'file' ? 'document' : kind}`);
    return { bytes, mediaType };
  } finally {
    drop(body);
  }
}

/** Nobody hears of what fails on its way out. */
function drop(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined).destroy();
}

function tooLarge(): MediaError {
  return new MediaError('with the others of this call it is too large');
}

function toMediaError(error: unknown): MediaError {
  if (error instanceof MediaError) return error;
  const reason = [error, (error as Error | undefined)?.cause].find((found) => found instanceof NotPublicError);
  return new MediaError(reason instanceof NotPublicError ? reason.message : 'the connection failed', { cause: error });
}
