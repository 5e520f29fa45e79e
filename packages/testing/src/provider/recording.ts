import type { WireResponse } from '@sluice/core';

/** What a provider once answered: the exact bytes. */
export type Recording = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array };

/** Where a body is cut into pieces: nowhere, after every byte, or at odd places that a seed decides. */
export type Cut = 'whole' | 'bytes' | { readonly seed: number };

export type ReplayOptions = {
  readonly cut?: Cut;
  /** The connection breaks after so many bytes. */
  readonly breakAfter?: number;
};

const LONGEST_PIECE = 97;

/** The pieces of `body`, in order. */
export function pieces(body: Uint8Array, cut: Cut): Uint8Array[] {
  if (body.length === 0) return [];
  if (cut === 'whole') return [body];
  const sizes = cut === 'bytes' ? () => 1 : oddSizes(cut.seed);
  const cutUp: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const size = sizes();
    cutUp.push(body.subarray(at, at + size));
    at += size;
  }
  return cutUp;
}

/** The recording as a transport would hand it over, cut and broken as asked for. */
export function replayed({ status, headers, body }: Recording, { cut = 'whole', breakAfter = body.length }: ReplayOptions): WireResponse {
  return { status, headers, body: replayBody(pieces(body.subarray(0, breakAfter), cut), breakAfter < body.length) };
}

async function* replayBody(cutUp: readonly Uint8Array[], breaks: boolean): AsyncGenerator<Uint8Array> {
  yield* cutUp;
  if (breaks) throw new Error('The recording was cut off here');
}

/** A small linear congruential generator: the same seed always cuts at the same places. */
function oddSizes(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 1 + (state % LONGEST_PIECE);
  };
}
