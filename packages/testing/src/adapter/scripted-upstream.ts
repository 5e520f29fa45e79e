import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signal, within } from './within.ts';

/** What the upstream is asked to do, by the last part of the path. Those with a middle pause there until released. */
export type Script = 'json' | 'sse' | 'binary' | 'refuse' | 'sse-broken' | 'binary-broken' | 'silent' | 'flood';

export const FIRST_EVENT = '{"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"one"}}]}';
export const SECOND_EVENT = '{"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"two"},"finish_reason":"stop"}]}';
export const FIRST_BYTES = Buffer.alloc(2_000, 'first');
export const SECOND_BYTES = Buffer.alloc(2_000, 'second');

export type ScriptedUpstream = {
  readonly origin: string;
  /** The body of the first call, once it is here. */
  readonly received: Promise<Buffer>;
  /** Resolves when a call has ended before its answer was complete. */
  readonly left: Promise<void>;
  /** Lets the answer that pauses in its middle go on. */
  release(): void;
  /** Bytes that `flood` could get rid of so far. */
  readonly floodedBytes: number;
  close(): Promise<void>;
};

/** A provider's API that does as it is told, on a port of its own. */
export async function scriptedUpstream(): Promise<ScriptedUpstream> {
  const received = signal<Buffer>();
  const left = signal();
  const released = signal();
  let floodedBytes = 0;

  const server = createServer((req, res) => {
    res.on('close', () => res.writableFinished || left.resolve());
    readAll(req).then((body) => {
      received.resolve(body);
      return play(req.url?.slice(1) as Script, body, res);
    }, left.resolve);
  });

  async function play(script: Script, body: Buffer, res: ServerResponse): Promise<void> {
    switch (script) {
      case 'json':
        res.writeHead(200, { 'content-type': 'application/json' });
        res.end(JSON.stringify({ id: '1', object: 'chat.completion', text: 'heard', receivedBytes: body.length, choices: [], padding: 'x'.repeat(2_000) }));
        return;
      case 'refuse':
        res.writeHead(400, { 'content-type': 'application/json' });
        res.end('{"error":{"message":"The upstream refuses"}}');
        return;
      case 'silent':
        return;
      case 'sse':
      case 'sse-broken':
        return inTwo(res, 'text/event-stream', `data: ${FIRST_EVENT}\n\n`, `data: ${SECOND_EVENT}\n\ndata: [DONE]\n\n`, script === 'sse-broken');
      case 'binary':
      case 'binary-broken':
        return inTwo(res, 'audio/mpeg', FIRST_BYTES, SECOND_BYTES, script === 'binary-broken');
      case 'flood':
        return flood(res);
    }
  }

  async function inTwo(res: ServerResponse, contentType: string, first: string | Buffer, second: string | Buffer, isBroken: boolean): Promise<void> {
    res.writeHead(200, { 'content-type': contentType });
    res.write(first);
    await released.promise;
    if (isBroken) res.destroy();
    else res.end(second);
  }

  async function flood(res: ServerResponse): Promise<void> {
    const piece = Buffer.alloc(64 * 1024);
    res.writeHead(200, { 'content-type': 'audio/mpeg' });
    const closed = new Promise((resolve) => res.on('close', resolve));
    for (let count = 0; count < 4_096 && !res.destroyed; count += 1) {
      const hasRoom = res.write(piece);
      floodedBytes += piece.length;
      if (!hasRoom) await Promise.race([closed, new Promise((resolve) => res.once('drain', resolve))]);
    }
    res.end();
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: received.promise,
    left: left.promise,
    release: () => released.resolve(),
    get floodedBytes() {
      return floodedBytes;
    },
    async close() {
      released.resolve();
      server.closeAllConnections();
      await within(new Promise((resolve) => server.close(resolve)), 'closing the upstream');
    },
  };
}

async function readAll(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
