import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the upstream does with one request. `prompt_tokens` and `completion_tokens` are what it reports. */
export type Script = (request: { readonly body: Record<string, unknown>; readonly res: ServerResponse }) => void | Promise<void>;

export type Upstream = {
  readonly baseUrl: string;
  /** Requests that arrived, and how many were under way together at most. */
  calls: number;
  peak: number;
  script: Script;
  close(): Promise<void>;
};

/** A provider's server that does as it is told, and counts. */
export async function startUpstream(script: Script): Promise<Upstream> {
  let active = 0;
  const server = createServer((req, res) => {
    upstream.calls += 1;
    active += 1;
    upstream.peak = Math.max(upstream.peak, active);
    res.on('close', () => (active -= 1));
    void readJson(req).then((body) => upstream.script({ body, res }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const upstream: Upstream = {
    baseUrl: `http://127.0.0.1:${port}`,
    calls: 0,
    peak: 0,
    script,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return upstream;
}

export function answer(usage = { prompt_tokens: 10, completion_tokens: 10 }, text = 'hello'): Script {
  return ({ res }) => {
    const body = {
      id: 'c1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
      usage,
    };
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}

export function fail(status: number, headers: Record<string, string> = {}): Script {
  return ({ res }) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error: { message: 'scripted' } }));
  };
}

export function after(ms: number, script: Script): Script {
  return async (request) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return script(request);
  };
}

/** Each request gets the next script; the last one stays. */
export function inTurn(...scripts: readonly Script[]): Script {
  let turn = 0;
  return (request) => (scripts[Math.min(turn++, scripts.length - 1)] as Script)(request);
}

export type StreamScript = {
  /** One token each. */
  readonly chunks: number;
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | undefined;
  readonly ending?: 'done' | 'cut' | 'silence';
  readonly everyMs?: number;
  /** Hears how many chunks have been sent. */
  readonly onChunk?: (count: number) => void;
};

export function stream({ chunks, usage, ending = 'done', everyMs = 0, onChunk }: StreamScript): Script {
  return async ({ res }) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let count = 1; count <= chunks && !res.destroyed; count += 1) {
      res.write(toEvent({ choices: [{ index: 0, delta: { content: 'word' } }] }));
      onChunk?.(count);
      if (everyMs > 0 || count % 50 === 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    if (ending === 'silence') return;
    if (ending === 'cut') {
      setTimeout(() => res.destroy(), 20);
      return;
    }
    if (usage) res.write(toEvent({ choices: [], usage }));
    res.end('data: [DONE]\n\n');
  };
}

function toEvent(fields: object): string {
  return `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', ...fields })}\n\n`;
}

async function readJson(req: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
}
