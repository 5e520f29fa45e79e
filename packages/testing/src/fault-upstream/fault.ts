/** How bytes are framed in an answer: the three forms HTTP/1.1 knows. */
export type Framing = 'length' | 'chunked' | 'until-close';

/** What an upstream may do wrong (or right), chosen by the path of the request. Offsets count the whole answer, its head included. */
export type Fault =
  /** A whole answer: a stream when the request asks for one. */
  | { readonly kind: 'none'; readonly framing?: Framing }
  /** The connection ends after `at` bytes, properly (`fin`) or not (`rst`). */
  | { readonly kind: 'cut'; readonly at: number; readonly how: 'fin' | 'rst'; readonly framing?: Framing }
  /** The request is read, and never answered. */
  | { readonly kind: 'silent' }
  /** `at` bytes, and then nothing, on an open connection. */
  | { readonly kind: 'stall'; readonly at: number }
  /** One byte every `everyMs`. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** A chunk whose length is no number. */
  | { readonly kind: 'bad-chunk' }
  /** An event of so many bytes, without an end of its line. */
  | { readonly kind: 'huge-event'; readonly bytes: number }
  /** Something that is not HTTP. */
  | { readonly kind: 'garbage' }
  /** A stream that holds no JSON. */
  | { readonly kind: 'no-json' }
  /** A `content-length` that is off by so much. */
  | { readonly kind: 'wrong-length'; readonly by: number }
  /** A refusal. */
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** 200, and then an error as the first event. */
  | { readonly kind: 'error-event'; readonly message: string }
  /** One after the other, a request each; the last one stays. */
  | { readonly kind: 'sequence'; readonly id: string; readonly faults: readonly Fault[] };

/** The path under which an upstream shows `fault`. */
export function toPath(fault: Fault): string {
  return `/fault/${Buffer.from(JSON.stringify(fault)).toString('base64url')}`;
}

/** The fault that a path asks for; none when it asks for none. */
export function readFault(path: string): Fault {
  const encoded = /^\/fault\/([\w-]+)/.exec(path)?.[1];
  return encoded === undefined ? { kind: 'none' } : (JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')) as Fault);
}
