import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CallRecord, createGateway, defineSink, type Gateway, type GatewayOptions, secret } from '@sluice/core';
import { openaiCompatible } from '@sluice/provider-openai';

export const PROVIDER_KEY = 'provider-key-canary-0123456789';
export const MASTER_KEY = 'sk-master-canary-0123456789';

export type Received = Readonly<Record<string, unknown>> & { readonly messages: readonly { readonly content: string }[]; readonly stream?: boolean };

export type Upstream = {
  readonly url: string;
  readonly bodies: string[];
  /** Streams whose reader left before their end. */
  lost: number;
  close(): Promise<void>;
};

/** Answers with the last message: letter by letter where a stream is asked for, without end for `endless`. */
export async function echoUpstream(): Promise<Upstream> {
  const server = createServer((req, res) => {
    let text = '';
    req.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    req.on('end', () => {
      upstream.bodies.push(text);
      answer(JSON.parse(text) as Received, res);
    });
    res.on('close', () => (upstream.lost += res.writableFinished ? 0 : 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const upstream: Upstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies: [],
    lost: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return upstream;
}

function answer({ model, messages, stream }: Received, res: ServerResponse): void {
  const said = messages.at(-1)?.content ?? '';
  const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };
  const head = { id: 'chatcmpl-1', created: 1, model };
  if (said.startsWith('fail')) {
    res
      .writeHead(400, { 'content-type': 'application/json' })
      .end(JSON.stringify({ error: { message: `Cannot do '${said}' with ${PROVIDER_KEY}`, type: 'invalid_request_error' } }));
  } else if (stream !== true) {
    const body = { ...head, object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: said }, finish_reason: 'stop' }], usage };
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  } else {
    const send = (choices: readonly object[], more: object = {}): void =>
      void res.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...more })}\n\n`);
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const letter of said) send([{ index: 0, delta: { content: letter }, finish_reason: null }]);
    if (said.startsWith('endless')) return;
    send([{ index: 0, delta: {}, finish_reason: 'stop' }]);
    send([], { usage });
    res.end('data: [DONE]\n\n');
  }
}

export type Opened = { readonly gateway: Gateway; readonly records: CallRecord[] };

/** A gateway over `upstream` that keeps its call records in a list. */
export function opened(upstream: Upstream, options: Partial<GatewayOptions> = {}): Opened {
  const records: CallRecord[] = [];
  const gateway = createGateway({
    masterKey: MASTER_KEY,
    providers: [openaiCompatible({ name: 'echo', baseUrl: upstream.url })],
    models: [
      {
        name: 'm',
        deployments: [
          { id: 'd1', provider: 'echo', model: 'real', baseUrl: upstream.url, apiKey: secret(PROVIDER_KEY), price: { input: 1_000_000, output: 2_000_000 } },
        ],
      },
    ],
    router: { retries: 0 },
    sinks: [defineSink({ name: 'list', write: (batch) => void records.push(...batch) })],
    ...options,
  });
  return { gateway, records };
}

export type Asked = { readonly status: number; readonly headers: Headers; readonly text: string };

export async function ask(
  gateway: Gateway,
  content: string,
  { key = MASTER_KEY, body = {}, raw, signal }: { key?: string; body?: object; raw?: string; signal?: AbortSignal } = {},
): Promise<Asked> {
  const response = await gateway.fetch('http://sluice/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: raw ?? JSON.stringify({ model: 'm', messages: [{ role: 'user', content }], ...body }),
    ...(signal && { signal }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The events of a stream, `[DONE]` as a text. */
export function eventsOf(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n\n')
    .map((block) => block.replace(/^data: /, ''))
    .map((data) => (data === '[DONE]' ? data : (JSON.parse(data) as unknown)));
}
