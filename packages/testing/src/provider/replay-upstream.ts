import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { pieces, type Recording, type ReplayOptions } from './recording.ts';

export type ReceivedRequest = { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

export type ReplayUpstream = {
  /** Origin, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** What it was sent, oldest first. */
  readonly requests: readonly ReceivedRequest[];
  /** From now on this is the answer, to whatever is asked. */
  answer(recording: Recording, options?: ReplayOptions): void;
  close(): Promise<void>;
};

/** A provider on a socket of this machine, which says again what it once said, cut into writes as asked for. */
export async function replayUpstream(): Promise<ReplayUpstream> {
  const requests: ReceivedRequest[] = [];
  let next: { readonly recording: Recording; readonly options: ReplayOptions } | undefined;

  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      requests.push({ method: req.method ?? '', path: req.url ?? '', headers: req.headers, body: Buffer.concat(chunks) });
      if (next) void write(res, next.recording, next.options);
      else res.writeHead(500).end('Nothing to replay');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer(recording, options = {}) {
      next = { recording, options };
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function write(res: ServerResponse, { status, headers, body }: Recording, { cut = 'whole', breakAfter }: ReplayOptions): Promise<void> {
  res.writeHead(status, headers);
  res.socket?.setNoDelay(true);
  for (const piece of pieces(body.subarray(0, breakAfter), cut)) {
    res.write(piece);
    // Lets each piece leave as a packet of its own.
    if (cut !== 'whole') await turn();
  }
  if (breakAfter === undefined) res.end();
  else res.destroy();
}
