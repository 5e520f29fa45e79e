import { createGateway, type Gateway, type GatewayOptions, secret } from '@sluice/core';
import { provider as pack } from '@sluice/provider-images';
import OpenAI, { toFile } from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answer, formOf, type Received, type ScriptedHost, scriptedHost } from '../support/scripted-host.ts';

// Hosts on a socket that say what the test wants, and the official client in front of the gateway.
const KEY = 'sk-of-the-host-0123456789';
const PNG = Buffer.from('89504e470d0a1a0a00', 'hex');
let host: ScriptedHost;
let gateway: Gateway | undefined;

beforeAll(async () => {
  host = await scriptedHost();
});
afterEach(() => gateway?.close());
afterAll(() => host.close());

function clientOf(provider: string, model = 'a-model', options: Partial<GatewayOptions> = {}): OpenAI {
  gateway = createGateway({
    auth: false,
    providers: pack.providers,
    models: [{ name: 'm', deployments: [{ id: 'd', provider, model, baseUrl: host.url, apiKey: secret(KEY) }] }],
    router: { retries: 0 },
    media: { allowHosts: [new URL(host.url).host] },
    ...options,
  });
  return new OpenAI({ apiKey: 'none', baseURL: 'http://sluice/v1', fetch: gateway.fetch, maxRetries: 0 });
}

const paths = (): string[] => host.seen.map(({ method, path }) => `${method} ${path}`);
const picture = (name: string) => toFile(PNG, name, { type: 'image/png' });
/** Larger than what a form is held for, so that fields behind it are not known at first. */
const photo = () => toFile(Buffer.concat([PNG, Buffer.alloc(600_000)]), 'photo.png', { type: 'image/png' });

describe("fal's queue", () => {
  const queued = (status: string) => ({ status, request_id: 'r', status_url: `${host.url}/s`, response_url: `${host.url}/r`, cancel_url: `${host.url}/c` });

  test('is followed to the picture, which is fetched for who wants bytes', async () => {
    let asked = 0;
    host.script(({ path }, res) => {
      if (path === '/p.png') res.writeHead(200, { 'content-type': 'image/png' }).end(PNG);
      else if (path === '/r') answer(res, { images: [{ url: `${host.url}/p.png` }], seed: 7 });
      else answer(res, queued(path === '/s' && (asked += 1) > 1 ? 'COMPLETED' : 'IN_QUEUE'));
    });
    const { data } = await clientOf('fal_ai', 'fal-ai/flux/dev').images.generate({
      model: 'm',
      prompt: 'A cat',
      response_format: 'b64_json',
      size: '1024x1024',
    });
    expect(data).toEqual([{ b64_json: PNG.toString('base64'), seed: 7 }]);
    expect(paths()).toEqual(['POST /fal-ai/flux/dev', 'GET /s', 'GET /s', 'GET /r', 'GET /p.png']);
    expect(host.seen.map(({ headers }) => headers.authorization)).toEqual([...Array.from({ length: 4 }, () => `Key ${KEY}`), undefined]);
  });

  test('is left when the caller leaves', async () => {
    host.script((_, res) => answer(res, queued('IN_PROGRESS')));
    const leaving = new AbortController();
    const waiting = clientOf('fal_ai').images.generate({ model: 'm', prompt: 'A cat' }, { signal: leaving.signal });
    await expect.poll(() => host.seen.length).toBe(1);
    leaving.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
    await gateway?.idle();
    expect(paths()).toEqual(['POST /a-model', 'PUT /c']);
  });

  test('that sends the call elsewhere is not believed', async () => {
    host.script((_, res) => answer(res, { ...queued('IN_QUEUE'), status_url: 'http://127.0.0.1:1/s' }));
    await expect(clientOf('fal_ai').images.generate({ model: 'm', prompt: 'A cat' })).rejects.toMatchObject({ status: 502 });
    await gateway?.idle();
    expect(paths()).toEqual(['POST /a-model', 'PUT /c']);
  });
});

test('a picture of Black Forest Labs is asked for until it is ready', async () => {
  host.script(({ path }, res) =>
    answer(
      res,
      path === '/v1/a-model' ? { id: 't', polling_url: `${host.url}/poll?id=t` } : { id: 't', status: 'Ready', result: { sample: 'https://x.example/p' } },
    ),
  );
  const { data } = await clientOf('black_forest_labs').images.generate({ model: 'm', prompt: 'A cat' });
  expect(data).toEqual([{ url: 'https://x.example/p' }]);
  expect(paths()).toEqual(['POST /v1/a-model', 'GET /poll?id=t']);
  expect(host.seen.every(({ headers }) => headers['x-key'] === KEY)).toBe(true);
});

describe('pictures to change', () => {
  test('go to Stability in a form of its own, with fields from behind a large one', async () => {
    host.script((_, res) => answer(res, { image: 'AAEC', finish_reason: 'SUCCESS', seed: 7 }));
    const request = { model: 'm', image: await photo(), mask: await picture('mask.png'), prompt: 'A dog', output_format: 'webp' } as const;
    const { data } = await clientOf('stability', 'inpaint').images.edit(request);
    expect(data).toEqual([{ b64_json: 'AAEC', seed: 7 }]);
    const form = await formOf(host.seen[0] as Received);
    expect([...form.keys()]).toEqual(['prompt', 'output_format', 'image', 'mask']);
    expect([(form.get('image') as File).size, form.get('prompt')]).toEqual([600_009, 'A dog']);
    expect(host.seen[0]?.headers).toMatchObject({ accept: 'application/json', authorization: `Bearer ${KEY}`, 'content-length': expect.any(String) });
  });

  test('go to Black Forest Labs in JSON', async () => {
    host.script((_, res) => answer(res, { id: 't', status: 'Ready', result: { sample: 'https://x.example/p' } }));
    await clientOf('black_forest_labs', 'flux-2-pro').images.edit({ model: 'm', image: [await picture('a.png'), await picture('b.png')], prompt: 'Both' });
    const data = PNG.toString('base64');
    expect(JSON.parse(String(host.seen[0]?.body))).toEqual({ prompt: 'Both', input_image: data, input_image_2: data });
  });

  test('that are named by their address are fetched by the gateway', async () => {
    host.script(({ path }, res) => {
      if (path === '/p.png') res.writeHead(200, { 'content-type': 'image/png' }).end(PNG);
      else answer(res, { images: [{ url: 'https://x.example/p' }] });
    });
    const body = { model: 'm', prompt: 'A dog', images: [{ image_url: `${host.url}/p.png` }] };
    await clientOf('fal_ai', 'fal-ai/nano-banana/edit').post('/images/edits', { body });
    expect(paths()).toEqual(['GET /p.png', 'POST /fal-ai/nano-banana/edit']);
    expect(JSON.parse(String(host.seen[1]?.body))).toEqual({ prompt: 'A dog', image_urls: [`data:image/png;base64,${PNG.toString('base64')}`] });
  });

  test('are not fetched from where nobody may look', async () => {
    host.script((_, res) => answer(res, {}));
    const body = { model: 'm', prompt: 'A dog', images: [{ image_url: 'http://169.254.169.254/latest/meta-data/' }] };
    await expect(clientOf('fal_ai').post('/images/edits', { body })).rejects.toMatchObject({
      status: 400,
      code: 'media_unavailable',
      param: 'images[0].image_url',
    });
    expect(host.seen).toEqual([]);
  });
});

describe.each(pack.providers.map(({ name }) => name))('%s', (name) => {
  const ask = (options: Partial<GatewayOptions> = {}) => clientOf(name, 'a-model', options).images.generate({ model: 'm', prompt: 'A cat' });

  test.each([
    [400, 400],
    [401, 401],
    [429, 429],
    [500, 502],
    [503, 503],
  ])('that answers %i with its key is quoted without it', async (status, expected) => {
    host.script((_, res) => answer(res, { message: `Bad key ${KEY}`, detail: `Bad key ${KEY}`, errors: [`Bad key ${KEY}`], error: `Bad key ${KEY}` }, status));
    const error = await ask().catch((caught: unknown) => caught as InstanceType<typeof OpenAI.APIError>);
    expect(error).toMatchObject({ status: expected, message: expect.stringContaining('Bad key [redacted]') });
    expect(JSON.stringify(error)).not.toContain(KEY);
  });

  test('that says too much is not read to the end', async () => {
    host.script((_, res) => answer(res, { text: 'x'.repeat(100_000) }));
    await expect(ask({ maxAnswerBytes: 10_000 })).rejects.toMatchObject({ status: 502 });
  });

  test('that says nonsense is no answer', async () => {
    host.script((_, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
    await expect(ask()).rejects.toMatchObject({ status: 502 });
  });

  test('draws nothing for who wants bytes that the gateway may not fetch', async () => {
    host.script((_, res) => answer(res, { created: 1, data: [{ b64_json: 'AAEC' }], image: 'AAEC' }));
    const drawn = clientOf(name, 'a-model', { media: false }).images.generate({ model: 'm', prompt: 'A cat', response_format: 'b64_json' });
    if (name === 'stability' || name === 'recraft') expect((await drawn).data?.[0]?.b64_json).toBe('AAEC');
    else await expect(drawn).rejects.toMatchObject({ status: 400, param: 'response_format' });
  });
});
