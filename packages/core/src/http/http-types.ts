import type { GatewayError } from '../errors/gateway-error.ts';
import type { Aborter } from '../stream/lazy-abort-controller.ts';
import type { Policy, Principal } from '../types/principal.ts';
import type { HeaderList } from './header-list.ts';

/** A body as an adapter finds it: still to be read, read as bytes, or already parsed by the host. */
export type HttpBody =
  | {
      readonly kind: 'stream';
      /** Leaving its loop early leaves the connection open, so that the refusal still gets through. */
      readonly stream: AsyncIterable<Uint8Array>;
      /** A faster way to have the whole of it, where the transport has one. @throws GatewayError `body_too_large`, `aborted`. */
      readonly collect?: (limitBytes: number) => Promise<Buffer>;
    }
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
  readonly controller: Aborter;
  readonly clientAddress?: string | undefined;
  /** The framework's own request object, for `identify`. */
  readonly host?: unknown;
  /** Asks for another protocol, such as WebSocket, whatever the method and path. */
  readonly isUpgrade?: boolean;
  /** Set by the host's own code in place of credentials. */
  readonly principal?: Principal | undefined;
  readonly policy?: Policy | undefined;
};

/** An answer without its transport. A stream's chunks are to be written as they come, and flushed. */
export type HttpReply = {
  readonly status: number;
  /** This answer's own: whoever writes it may add to them. */
  readonly headers: HeaderList;
  /** One that throws has no form of its own for an error: the connection is to be cut. */
  readonly body: string | Uint8Array | AsyncIterable<string | Uint8Array>;
  /** Whether the body is a text of nothing but ASCII, which is written faster as such. */
  readonly isAscii?: boolean;
  /** To be written while the body is silent, so that nothing on the way takes the connection for dead. */
  readonly keepAlive?: string;
  /** What the body reports, where the answer is a refusal, for hosts that answer in a form of their own. */
  readonly error?: GatewayError;
};

/** Answers a request, or says with `undefined` that no route is meant, so that the host may go on. */
export type HttpHandler = (request: HttpRequest) => Promise<HttpReply> | undefined;
