import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { isPublicAddress } from './public-address.ts';

export type Lookup = (hostname: string, options: LookupOptions, callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void;

export type GuardOptions = {
  /** `host` or `host:port`, in lower case: those that may be private. */
  readonly allowHosts: ReadonlySet<string>;
  readonly connectTimeoutMs: number;
  /** Default: the system's resolver. */
  readonly lookup?: Lookup | undefined;
};

/** A host that is not found and one that is not public are told apart to nobody: a caller could map a network by it. */
export class NotPublicError extends Error {
  override readonly name = 'NotPublicError';

  constructor(cause?: unknown) {
    super('it does not lead to a public address on port 80 or 443', { cause });
  }
}

const PORTS: ReadonlySet<string> = new Set(['', '80', '443']);

/**
 * Connects to public addresses only. Judged is the address that the socket connects to, at the moment it does: a name
 * that was judged before may mean another address by then.
 */
export function guardedConnector({ allowHosts, connectTimeoutMs, lookup = systemLookup as Lookup }: GuardOptions): buildConnector.connector {
  const free = buildConnector({ timeout: connectTimeoutMs, lookup: lookup as never });
  const guarded = buildConnector({ timeout: connectTimeoutMs, lookup: publicOnly(lookup) as never });

  return (options, callback) => {
    const hostname = options.hostname.toLowerCase();
    if (allowHosts.has(hostname) || allowHosts.has(`${hostname}:${portOf(options)}`)) {
      free(options, callback);
      return;
    }
    // Addresses are connected to without being looked up.
    const address = hostname.replace(/^\[|\]$/g, '');
    if (!PORTS.has(options.port) || (isIP(address) !== 0 && !isPublicAddress(address))) {
      callback(new NotPublicError(), null);
      return;
    }
    guarded(options, (...result) => {
      const [error, socket] = result;
      if (error === null && !isPublicAddress(socket.remoteAddress ?? '')) {
        socket.destroy();
        callback(new NotPublicError(), null);
      } else callback(...result);
    });
  };
}

function portOf({ port, protocol }: buildConnector.Options): string {
  if (port !== '') return port;
  return protocol === 'https:' ? '443' : '80';
}

/** Names with even one address that is not public are refused: which one is connected to would be left to chance. */
function publicOnly(lookup: Lookup) {
  return (hostname: string, options: LookupOptions, callback: (error: Error | null, found: string | LookupAddress[], family?: number) => void): void => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first || !addresses.every(({ address }) => isPublicAddress(address))) callback(new NotPublicError(error ?? undefined), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
