import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

export type Act = (request: Received, res: ServerResponse) => void;

export type ScriptedHost = {
  /** Origin, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** What it was sent since the last script, oldest first. */
  readonly seen: readonly Received[];
  /** From now on it does this, whatever is asked. */
  script(act: Act): void;
  close(): Promise<void>;
};

/** A provider on a socket of this machine, which does what the test wants once it has read a request. */
export async function scriptedHost(): Promise<ScriptedHost> {
  let act: Act = (_, res) => res.writeHead(500).end('There is no script');
  const seen: Received[] = [];
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const received = { method: req.method ?? '', path: req.url ?? '', headers: req.headers, body: Buffer.concat(parts) };
      seen.push(received);
      act(received, res);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    script(next) {
      act = next;
      seen.length = 0;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export function answer(res: ServerResponse, body: unknown, status = 200): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** The form that was sent. */
export function formOf({ headers, body }: Received): Promise<FormData> {
  return new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type'] ?? '' } }).formData();
}
