/** What happens to the bytes of a connection on their way. Offsets count the bytes of one connection in one direction. */
export type ProxyFault =
  | { readonly kind: 'none' }
  /** After `at` bytes the connection ends on both sides, properly (`fin`) or not (`rst`). */
  | { readonly kind: 'cut'; readonly at: number; readonly how: 'fin' | 'rst'; readonly way?: Way }
  /** After `at` bytes the sender is told that nobody reads any more, or the reader that nothing comes any more; the other direction goes on. */
  | { readonly kind: 'half-close'; readonly at: number; readonly way?: Way }
  /** `at` bytes, and then nothing, on an open connection. */
  | { readonly kind: 'stall'; readonly at: number; readonly way?: Way }
  /** Connections are taken, and nothing passes in either direction. */
  | { readonly kind: 'black-hole' }
  /** Everything arrives so much later, in order. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** So many bytes a second in each direction. */
  | { readonly kind: 'throttle'; readonly bytesPerSecond: number };

/** `answer`: from the server to the client. `request`: the other way. Default: the answer. */
export type Way = 'answer' | 'request';
