import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateway, type Gateway } from '@sluice/core';
import { afterEach, expect, test } from 'vitest';
import { openai } from './openai.ts';

let server: Server | undefined;
let gateway: Gateway | undefined;

afterEach(async () => {
  await gateway?.close();
  await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
});

type Seen = { url: string; headers: IncomingMessage['headers']; body: string };

async function start(answer: (res: ServerResponse) => void): Promise<{ gateway: Gateway; seen: Seen[] }> {
  const seen: Seen[] = [];
  server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    req.on('end', () => {
      seen.push({ url: req.url ?? '', headers: req.headers, body });
      answer(res);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  gateway = createGateway({
    auth: false,
    providers: [openai({ apiKey: 'sk-test-key' })],
    models: [{ name: 'group', deployments: [{ id: 'one', provider: 'openai', model: 'gpt-5-mini', baseUrl }] }],
  });
  return { gateway, seen };
}

function sse(...events: unknown[]): (res: ServerResponse) => void {
  return (res) =>
    res
      .setHeader('content-type', 'text/event-stream')
      .end(events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join(''));
}

function json(value: unknown): (res: ServerResponse) => void {
  return (res) => res.setHeader('content-type', 'application/json').end(JSON.stringify(value));
}

test("a chat call goes to the deployment's model with the provider's key, and unknown fields survive both ways", async () => {
  const reply = {
    id: 'x',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
    new_field: { a: 1 },
  };
  const { gateway, seen } = await start(json(reply));
  const answer = await gateway.chat.completions.create({ model: 'group', messages: [{ role: 'user', content: 'hello' }], some_new_parameter: [1] } as never);
  expect(answer).toEqual(reply);
  expect(seen[0]?.url).toBe('/v1/chat/completions');
  expect(seen[0]?.headers.authorization).toBe('Bearer sk-test-key');
  expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'hello' }], some_new_parameter: [1] });
});

test("over HTTP the caller's bytes are sent as they came, but for the model and the request for usage", async () => {
  const { gateway, seen } = await start(sse({ choices: [{ index: 0, delta: { content: 'hi' } }] }, '[DONE]'));
  const body = '{ "messages": [{"role":"user","content":"h\\u00e9"}],  "model" : "group", "ours": 12345678901234567890, "stream":true }';
  const response = await gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  expect(await response.text()).toBe('data: {"choices":[{"index":0,"delta":{"content":"hi"}}]}\n\ndata: [DONE]\n\n');
  expect(seen[0]?.body).toBe(
    '{ "messages": [{"role":"user","content":"h\\u00e9"}],  "model" : "gpt-5-mini", "ours": 12345678901234567890, "stream":true ,"stream_options":{"include_usage":true}}',
  );
});

test('embeddings pass in base64 as well', async () => {
  const reply = { object: 'list', model: 'e', data: [{ object: 'embedding', index: 0, embedding: 'AACAPw==' }], usage: { prompt_tokens: 3, total_tokens: 3 } };
  const { gateway, seen } = await start(json(reply));
  expect(await gateway.embeddings.create({ model: 'group', input: 'x', encoding_format: 'base64' })).toEqual(reply);
  expect(seen[0]?.url).toBe('/v1/embeddings');
});

test('numbers are packed for a caller who asked for base64, whatever the host sends', async () => {
  const reply = { object: 'list', model: 'e', data: [{ object: 'embedding', index: 0, embedding: [1, -0.5] }], usage: { prompt_tokens: 3, total_tokens: 3 } };
  const { gateway } = await start(json(reply));
  const packed = await gateway.embeddings.create({ model: 'group', input: 'x', encoding_format: 'base64' });
  const bytes = Buffer.from((packed.data as { embedding: string }[])[0]?.embedding ?? '', 'base64');
  expect([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.length]).toEqual([1, -0.5, 8]);
  expect(await gateway.embeddings.create({ model: 'group', input: 'x' })).toEqual(reply);
});

test('a deployment is probed where the host lists its models, with the key', () => {
  const probe = openai({ apiKey: 'sk-test-key' }).probe?.({ id: 'one', provider: 'openai', model: 'm' });
  expect(probe).toMatchObject({ url: 'https://api.openai.com/v1/models', method: 'GET', headers: { authorization: 'Bearer sk-test-key' } });
});

test('speech comes as bytes with the content type of the provider', async () => {
  const { gateway } = await start((res) => res.setHeader('content-type', 'audio/mpeg').end(Buffer.from([255, 243, 0, 1])));
  const reply = await gateway.audio.speech.create({ model: 'group', input: 'hello', voice: 'alloy' });
  expect(reply.contentType).toBe('audio/mpeg');
  const chunks: Uint8Array[] = [];
  for await (const chunk of reply.chunks) chunks.push(chunk);
  expect(Buffer.concat(chunks)).toEqual(Buffer.from([255, 243, 0, 1]));
});

test('the events of a Responses stream keep their names, and its end needs no [DONE]', async () => {
  const wire =
    'event: response.created\ndata: {"type":"response.created","response":{}}\n\nevent: response.completed\ndata: {"type":"response.completed","response":{"usage":{"input_tokens":1,"output_tokens":2}}}\n\n';
  const { gateway } = await start((res) => res.setHeader('content-type', 'text/event-stream; charset=utf-8').end(wire));
  const response = await gateway.fetch('http://sluice/v1/responses', {
    method: 'POST',
    body: '{"model":"group","input":"x","stream":true}',
    headers: { 'content-type': 'application/json' },
  });
  expect(await response.text()).toBe(wire);
});
