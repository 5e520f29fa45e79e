import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How one answer goes: when its parts come, and what they are. */
export type Pace = {
  readonly headAfterMs?: number;
  /** After the head, with whose turn it is in between. */
  readonly firstTokenAfterMs?: number;
  readonly words?: readonly string[];
  readonly wordEveryMs?: number;
  /** What it says last: a proper end, nothing (the connection stays open), or a cut. */
  readonly end?: 'done' | 'hang' | 'cut';
  /** Reported with the end. */
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number };
  /** Answers with this event in place of words. */
  readonly delta?: Readonly<Record<string, unknown>>;
  readonly status?: number;
};

export type PacedRequest = { readonly body: Record<string, unknown>; readonly receivedAt: number; closedAt: number | undefined };

/** A provider of this machine that answers at the pace it is told. */
export type PacedUpstream = { readonly url: string; readonly requests: PacedRequest[]; pace: Pace; close(): Promise<void> };

export async function pacedUpstream(pace: Pace = {}): Promise<PacedUpstream> {
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const request: PacedRequest = { body: JSON.parse(Buffer.concat(parts).toString()), receivedAt: performance.now(), closedAt: undefined };
      upstream.requests.push(request);
      res.on('close', () => (request.closedAt = performance.now()));
      void answer(res, request, upstream.pace);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const upstream: PacedUpstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: [],
    pace,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return upstream;
}

async function answer(res: ServerResponse, { body }: PacedRequest, pace: Pace): Promise<void> {
  const { headAfterMs = 0, firstTokenAfterMs = 0, words = ['one ', 'two ', 'three'], wordEveryMs = 1, end = 'done', usage, delta, status = 200 } = pace;
  await waited(headAfterMs);
  if (res.destroyed) return;
  if (status !== 200) return void res.writeHead(status, { 'content-type': 'application/json' }).end('{"error":{"message":"No","type":"server_error"}}');
  if (body.stream !== true) {
    const message = { role: 'assistant', content: words.join('') };
    res.writeHead(200, { 'content-type': 'application/json' });
    return void res.end(JSON.stringify({ id: 'c', object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }], usage }));
  }
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  const say = (choice: object, more: object = {}): void =>
    void res.write(`data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: body.model, choices: [choice], ...more })}\n\n`);
  say({ index: 0, delta: { role: 'assistant', content: '' } });
  await waited(firstTokenAfterMs);
  if (delta) say({ index: 0, delta });
  if (delta) await waited(20);
  for (const word of delta ? [] : words) {
    if (res.destroyed) return;
    say({ index: 0, delta: { content: word } });
    await waited(wordEveryMs);
  }
  if (end === 'hang') return;
  if (end === 'cut') return void res.destroy();
  say({ index: 0, delta: {}, finish_reason: 'stop' });
  if (usage) res.write(`data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: body.model, choices: [], usage })}\n\n`);
  res.end('data: [DONE]\n\n');
}

function waited(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
