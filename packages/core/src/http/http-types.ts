import type { Policy, Principal } from '../types/call.ts';

/** A body as an adapter finds it: still to be read, read as bytes, or already parsed by the host. */
export type HttpBody =
  | { readonly kind: 'stream'; readonly stream: AsyncIterable<Uint8Array> }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'parsed'; readonly value: unknown }
  | { readonly kind: 'none' };

export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request without its transport. */
export type HttpRequest = {
  readonly method: string;
  /** Below the mount path, without the query, still percent-encoded. */
  readonly path: string;
  readonly query?: string;
  /** Lower-case names. Duplicates of credential headers come as arrays. */
  readonly headers: HttpHeaders;
  /** Asked for once, and only by routes that take a body. */
  readonly body: () => HttpBody;
  /** Aborts when the caller leaves; aborting it ends the call. */
  readonly controller: AbortController;
  readonly clientAddress?: string | undefined;
  /** The framework's own request object, for `identify`. */
  readonly host?: unknown;
  /** Set by the host's own code in place of credentials. */
  readonly principal?: Principal | undefined;
  readonly policy?: Policy | undefined;
};

/** An answer without its transport. A stream's chunks are to be written as they come, and flushed. */
export type HttpReply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | AsyncIterable<string | Uint8Array>;
};

/** Answers a request, or says with `undefined` that no route is meant, so that the host may go on. */
export type HttpHandler = (request: HttpRequest) => Promise<HttpReply> | undefined;
