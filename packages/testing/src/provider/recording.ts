import type { WireResponse } from '@sluice/core';

/** What a provider once answered: the exact bytes. */
export type Recording = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array };

/** Where a body is cut into pieces: nowhere, after every byte, or at odd places that a seed decides. */
export type Cut = 'whole' | 'bytes' | { readonly seed: number };

export type ReplayOptions = {
  readonly cut?: Cut;
  /** The connection breaks after so many bytes. */
  readonly breakAfter?: number;
  /** Nothing more comes after so many bytes, until somebody closes the connection. */
  readonly stallAfter?: number;
  /** So many bytes without an end of a line come in the place of what follows. */
  readonly floodBytes?: number;
  /** Told of what is read. */
  readonly onRead?: (bytes: number) => void;
  /** Told when the connection is closed before its end. */
  readonly onClose?: () => void;
};

const LONGEST_PIECE = 97;
/** Letters only: in a binary framing they are the length of an event that is too long, too. */
const FLOOD = Buffer.alloc(256 * 1024, 'z');

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

/** The recording as a transport would hand it over, cut, broken and held back as asked for. */
export function replayed(recording: Recording, options: ReplayOptions): WireResponse {
  const { status, headers } = recording;
  const chunks = replayBody(recording, options);
  return { status, headers, body: watched(chunks, options) };
}

async function* replayBody(
  { body }: Recording,
  { cut = 'whole', stallAfter, breakAfter = stallAfter ?? body.length, floodBytes = 0 }: ReplayOptions,
): AsyncGenerator<Uint8Array> {
  yield* pieces(body.subarray(0, breakAfter), cut);
  for (let sent = 0; sent < floodBytes; sent += FLOOD.length) yield FLOOD;
  if (stallAfter !== undefined) await new Promise<never>(() => undefined);
  if (breakAfter < body.length) throw new Error('The recording was cut off here');
}

/** A generator that waits cannot be closed; a connection can. */
function watched(chunks: AsyncGenerator<Uint8Array>, { onRead, onClose }: ReplayOptions): AsyncIterableIterator<Uint8Array> {
  let isOver = false;
  let leave: (() => void) | undefined;
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(new Error('The connection was closed'));
  });
  left.catch(() => undefined);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const result = await Promise.race([chunks.next(), left]);
      if (result.done === true) isOver = true;
      else onRead?.(result.value.length);
      return result;
    },
    return() {
      if (!isOver) onClose?.();
      isOver = true;
      leave?.();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}

/** A small linear congruential generator: the same seed always cuts at the same places. */
function oddSizes(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 1 + (state % LONGEST_PIECE);
  };
}
