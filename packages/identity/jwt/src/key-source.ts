import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

export type KeySourceOptions = {
  readonly url: string;
  readonly ttlMs: number;
  readonly outageMs: number;
  readonly cooldownMs: number;
  readonly timeoutMs: number;
};

/** The provider's keys are not here: nothing can be said about its tokens. */
export class KeysUnavailable extends Error {}

type Known = { readonly keys: JWTVerifyGetKey; readonly at: number };

/** Until there are any keys nobody can come in, so the first ones are asked for more often. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_SET_BYTES = 1024 * 1024;

/**
 * The keys at an address. They are fetched again when they are old, and when a token names one that is not among them,
 * but never sooner after the last try than the cool-down. While the address is away, known keys go on for a while.
 */
export function keySource({ url, ttlMs, outageMs, cooldownMs, timeoutMs }: KeySourceOptions): JWTVerifyGetKey {
  let known: Known | undefined;
  let triedAt = -Infinity;
  let fetching: Promise<void> | undefined;

  return async (header, token) => {
    if (ageOf(known) > ttlMs) await refresh();
    const keys = usable();
    try {
      return await keys(header, token);
    } catch (error) {
      // Only a key by name may be a new one: without a name there is nothing to look for.
      if (!(error instanceof errors.JWKSNoMatchingKey) || header.kid === undefined || !(await refresh())) throw error;
      return usable()(header, token);
    }
  };

  function usable(): JWTVerifyGetKey {
    if (known && ageOf(known) <= ttlMs + outageMs) return known.keys;
    throw new KeysUnavailable('The keys of the provider of identities cannot be fetched');
  }

  /** Whether they are new now. */
  async function refresh(): Promise<boolean> {
    const before = known;
    if (!fetching && performance.now() - triedAt < (known ? cooldownMs : Math.min(cooldownMs, FIRST_PAUSE_MS))) return false;
    fetching ??= fetchKeys().finally(() => (fetching = undefined));
    await fetching;
    return known !== before;
  }

  async function fetchKeys(): Promise<void> {
    triedAt = performance.now();
    try {
      const keys = createLocalJWKSet(await fetchSet(url, timeoutMs));
      known = { keys, at: performance.now() };
    } catch {
      // What is known goes on; where nothing is, `usable` says so.
    }
  }
}

function ageOf(known: Known | undefined): number {
  return known ? performance.now() - known.at : Infinity;
}

async function fetchSet(url: string, timeoutMs: number): Promise<JSONWebKeySet> {
  const answer = await fetch(url, { redirect: 'error', headers: { accept: 'application/json' }, signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok || !answer.body) throw new KeysUnavailable(`status ${answer.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.byteLength;
    if (size > LONGEST_SET_BYTES) throw new KeysUnavailable('the set of keys is too long');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as JSONWebKeySet;
}
