import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gateway, GatewayOptions, ModelGroup } from '@sluice/core';
import { serve as serveRequest } from '@sluice/core/node';
import { type Fault, type FaultUpstream, faultUpstream, refusedUrl } from '@sluice/testing';
import OpenAI, { toFile } from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { group, openGateway } from './support.ts';

const MIB = 1024 * 1024;
const BOUNDARY = 'b0undary';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const FAULTLESS: Fault = { kind: 'none' };

let upstream: FaultUpstream;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  upstream = await faultUpstream();
});

afterEach(async () => {
  upstream.reset();
  for (const close of closing.splice(0).reverse()) await close();
});

afterAll(() => upstream.close());

describe('a form through the gateway', () => {
  it('arrives whole from the official client, file first, under the name the provider knows', async () => {
    const url = await serve([group('whisper', [upstream.urlOf(FAULTLESS)])]);
    const audio = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 251));
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });
    await client.audio.transcriptions.create({
      file: await toFile(audio, 'speech "1".wav'),
      model: 'whisper',
      language: 'de',
      timestamp_granularities: ['word', 'segment'],
    });
    const form = await receivedForm();
    expect(form.getAll('model')).toEqual(['fault-1']);
    expect(form.get('language')).toBe('de');
    expect(form.getAll('timestamp_granularities[]')).toEqual(['word', 'segment']);
    expect(Buffer.from(await (form.get('file') as File).arrayBuffer()).equals(audio)).toBe(true);
    expect((form.get('file') as File).name).toBe('speech "1".wav');
  });

  it('takes several images for one edit', async () => {
    const url = await serve([group('painter', [upstream.urlOf({ kind: 'status', status: 200, body: '{"created":1,"data":[]}' })])]);
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });
    const image = (name: string) => toFile(Buffer.from(name), name, { type: 'image/png' });
    await client.images.edit({ image: [await image('a.png'), await image('b.png')], prompt: 'Merge', model: 'painter', n: 2 });
    const form = await receivedForm();
    expect((form.getAll('image[]') as File[]).map(({ name }) => name)).toEqual(['a.png', 'b.png']);
    expect(form.get('n')).toBe('2');
  });

  it('begins to arrive before the caller has sent it all, and is not held here', async () => {
    const url = await serve([group('whisper', [upstream.urlOf(FAULTLESS)])], { bodyLimitBytes: 64 * MIB });
    const upload = post(`${url}/v1/audio/transcriptions`);
    upload.write(head('whisper'));
    upload.write(Buffer.alloc(MIB, 'x'));
    await until(() => upstream.openConnections > 0);
    upload.end(tail());
    expect((await upload.answer).status).toBe(200);
    expect((await receivedForm()).getAll('model')).toEqual(['fault-1']);
  });

  it('is sent again after a failure, while it is held', async () => {
    const faults: Fault[] = [{ kind: 'status', status: 500 }, FAULTLESS];
    const url = await serve([group('whisper', [upstream.urlOf({ kind: 'sequence', id: 's', faults })])]);
    const upload = post(`${url}/v1/audio/transcriptions`);
    upload.end(Buffer.concat([head('whisper'), Buffer.from('RIFF'), tail()]));
    expect((await upload.answer).status).toBe(200);
    expect(upstream.requests.map(({ body }) => body.toString())).toEqual([upstream.requests[0]?.body.toString(), upstream.requests[0]?.body.toString()]);
  });

  it('is not sent again once it has flowed by', async () => {
    const url = await serve([group('whisper', [upstream.urlOf({ kind: 'status', status: 500 })])]);
    const upload = post(`${url}/v1/audio/transcriptions`);
    upload.end(Buffer.concat([head('whisper'), Buffer.alloc(MIB), tail()]));
    expect((await upload.answer).status).toBe(502);
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('a form whose first provider cannot be reached', () => {
  it('goes to another one, because none of it has left', async () => {
    const url = await serve([group('whisper', [await refusedUrl()], { fallbacks: ['other'] }), group('other', [upstream.urlOf(FAULTLESS)])], {
      router: { retries: 0 },
    });
    const upload = post(`${url}/v1/audio/transcriptions`);
    upload.end(Buffer.concat([head('whisper'), Buffer.alloc(MIB, 'x'), tail()]));
    expect((await upload.answer).status).toBe(200);
    expect((await receivedForm()).get('model')).toBe('fault-1');
  });
});

describe('a form that is refused', () => {
  it.each([
    [
      'without a model',
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\nx\r\n--${BOUNDARY}--`,
      TYPE,
      400,
      'model is missing.',
    ],
    ['cut short', `--${BOUNDARY}\r\ncontent-disposition: form-data; name="model"\r\n\r\nwhisper`, TYPE, 400, 'malformed'],
    ['as JSON', '{"model":"whisper"}', 'application/json', 415, 'Send it as multipart/form-data'],
    ['without a boundary', 'x', 'multipart/form-data', 400, 'boundary'],
    [
      'with an unknown model',
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="model"\r\n\r\nwisper\r\n--${BOUNDARY}--`,
      TYPE,
      404,
      "Did you mean 'whisper'?",
    ],
  ])('%s', async (_, body, contentType, status, message) => {
    const url = await serve([group('whisper', [upstream.urlOf(FAULTLESS)])]);
    const upload = post(`${url}/v1/audio/transcriptions`, { 'content-type': contentType });
    upload.end(body);
    expect(await upload.answer).toMatchObject({ status, message: expect.stringContaining(message) });
  });

  it.each([
    ['told by its length', true],
    ['found while held', false],
  ])('for its size, %s, still reads the refusal', async (_, isTold) => {
    const url = await serve([group('whisper', [upstream.urlOf(FAULTLESS)])], { bodyLimitBytes: MIB });
    const body = Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\n`),
      Buffer.alloc(3 * MIB),
      tail(),
    ]);
    const upload = post(`${url}/v1/audio/transcriptions`, isTold ? { 'content-length': String(body.length) } : {});
    upload.end(body);
    expect((await upload.answer).status).toBe(413);
  });

  it('for its size, found while it flows by', async () => {
    const url = await serve([group('whisper', [upstream.urlOf(FAULTLESS)])], { bodyLimitBytes: 2 * MIB });
    const upload = post(`${url}/v1/audio/transcriptions`);
    upload.end(Buffer.concat([head('whisper'), Buffer.alloc(5 * MIB), tail()]));
    expect((await upload.answer).status).toBe(413);
  });

  it('for want of a key, while it is still being sent', async () => {
    const url = await serve([group('whisper', [upstream.urlOf(FAULTLESS)])], { masterKey: 'sk-master-0123456789abcdef' });
    const upload = post(`${url}/v1/audio/transcriptions`);
    upload.end(Buffer.concat([head('whisper'), Buffer.alloc(8 * MIB), tail()]));
    expect((await upload.answer).status).toBe(401);
    expect(upstream.requests).toHaveLength(0);
  });

  it('is not waited for when its caller leaves in the middle', async () => {
    let gateway: Gateway | undefined;
    const url = await serve([group('whisper', [upstream.urlOf(FAULTLESS)])], {}, (opened) => (gateway = opened));
    const before = upstream.openConnections;
    const upload = post(`${url}/v1/audio/transcriptions`);
    upload.write(head('whisper'));
    upload.write(Buffer.alloc(MIB));
    await until(() => upstream.openConnections > before);
    upload.destroy();
    await upload.answer.catch(() => undefined);
    await until(() => upstream.openConnections === before);
    await gateway?.idle();
  });
});

function head(model: string): Buffer {
  return Buffer.from(
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="model"\r\n\r\n${model}\r\n--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\n`,
  );
}

function tail(): Buffer {
  return Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
}

async function receivedForm(): Promise<FormData> {
  const received = upstream.requests.at(-1);
  return new Response(new Uint8Array(received?.body ?? []), { headers: { 'content-type': received?.headers['content-type'] ?? '' } }).formData();
}

type Upload = ReturnType<typeof request> & { readonly answer: Promise<{ readonly status: number; readonly message: string }> };

function post(url: string, headers: Readonly<Record<string, string>> = {}): Upload {
  const sent = request(url, { method: 'POST', headers: { 'content-type': TYPE, ...headers } });
  const answer = new Promise<{ status: number; message: string }>((resolve, reject) => {
    sent.on('error', reject);
    // Node takes its own listener off a socket whose answer came before all of the request had left.
    sent.on('socket', (socket) => socket.on('error', () => undefined));
    sent.on('response', (res: IncomingMessage) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () =>
        resolve({
          status: res.statusCode ?? 0,
          message: (JSON.parse(Buffer.concat(chunks).toString('utf8')) as { error?: { message: string } }).error?.message ?? '',
        }),
      );
    });
  });
  return Object.assign(sent, { answer });
}

async function serve(
  models: readonly ModelGroup[],
  options: Partial<GatewayOptions> = {},
  opened: (gateway: Gateway) => void = () => undefined,
): Promise<string> {
  const gateway = openGateway(models, { router: { retries: 1, backoffMs: 1 }, ...options });
  opened(gateway);
  const server: Server = createServer((req, res) => void serveRequest(gateway.handle, req, res, { strict: true }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () => gateway.close(),
    () => new Promise((resolve) => server.close(resolve)),
    () => server.closeAllConnections(),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function until(isTrue: () => boolean): Promise<void> {
  for (const endsAt = performance.now() + 5_000; performance.now() < endsAt && !isTrue(); ) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isTrue()).toBe(true);
}
