import { type JsonObject, secret, type WireRequest } from '@sluice/core';
import { type Answered, ask, type Recording } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { ADDRESS, DRAWN, json } from './answers.test.support.ts';
import { provider as pack } from './provider-package.ts';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const DATA = `data:image/png;base64,${PNG.toString('base64')}`;
const HOSTS = Object.keys(DRAWN);
const EDITORS = HOSTS.filter((host) => named(host).operations['images.edit']);

function named(host: string) {
  const provider = pack.providers.find(({ name }) => name === host);
  if (!provider) throw new Error(`There is no '${host}'`);
  return provider;
}

async function drawn(host: string, fields: JsonObject = {}, model = 'm', answers: readonly Recording[] = DRAWN[host] ?? []): Promise<Answered> {
  const request = { model: 'm', prompt: 'A cat', ...fields };
  return ask({
    provider: named(host),
    operation: 'images.generate',
    request,
    recording: answers.at(-1) as Recording,
    before: answers.slice(0, -1),
    deployment: { model },
  });
}

/** What is sent for a change of one picture, given in JSON. */
function edited(host: string, model: string, fields: JsonObject = {}): WireRequest {
  const request = { model: 'g', prompt: 'A dog', images: [{ image_url: DATA }], ...fields };
  const deployment = { id: 'd', provider: host, model, apiKey: secret('k') };
  const wire = named(host).operations['images.edit']?.toRequest({ operation: 'images.edit', request, deployment });
  if (!wire) throw new Error(`'${host}' changes no pictures`);
  return wire;
}

async function bodyOf({ body, headers }: WireRequest): Promise<JsonObject> {
  if (typeof body === 'string') return JSON.parse(body) as JsonObject;
  const form = await new Response(body as Uint8Array<ArrayBuffer>, { headers: { 'content-type': headers['content-type'] ?? '' } }).formData();
  const parts = await Promise.all(
    [...form].map(async ([name, value]) => [
      name,
      typeof value === 'string' ? value : `${value.type} ${Buffer.from(await value.arrayBuffer()).toString('hex')}`,
    ]),
  );
  return Object.fromEntries(parts) as JsonObject;
}

async function askedBy(...args: Parameters<typeof drawn>): Promise<readonly [string, JsonObject]> {
  const { sent, status, text } = await drawn(...args);
  expect(status, text).toBe(200);
  return [sent?.url ?? '', await bodyOf(sent as WireRequest)];
}

describe.each(HOSTS)('a picture of %s', (host) => {
  test('is given as OpenAI does, and is paid by the piece', async () => {
    const { text, usage } = await drawn(host);
    const { created, data } = JSON.parse(text) as { created: number; data: readonly JsonObject[] };
    expect(created).toBeGreaterThan(1.7e9);
    expect(data).toMatchObject([host === 'stability' ? { b64_json: 'AAEC' } : { url: ADDRESS }]);
    expect(usage).toEqual({ inputTokens: 0, outputTokens: 0, images: 1 });
  });

  test.each<[JsonObject, string]>([
    [{ n: 11 }, 'n'],
    [{ size: 'huge' }, 'size'],
    [{ output_format: 'bmp' }, 'output_format'],
    [{ background: 'transparent' }, 'background'],
    [{ quality: 'high' }, 'quality'],
    [{ stream: true }, 'stream'],
    ...(host === 'fal_ai' ? [] : ([[{ webhook_url: 'https://elsewhere.example' }, 'webhook_url']] as [JsonObject, string][])),
    ...(host === 'stability' ? ([[{ response_format: 'url' }, 'response_format']] as [JsonObject, string][]) : []),
  ])('is refused for %o', async (fields, param) => {
    if (host === 'recraft' && param === 'size') return;
    const { status, text, sent } = await drawn(host, fields);
    expect([status, JSON.parse(text), sent]).toMatchObject([400, { error: { code: 'unsupported_parameter', param } }, undefined]);
  });

  test('is asked for without what says nothing', async () => {
    const fields = { n: 1, size: 'auto', quality: 'auto', background: 'auto', moderation: 'auto', stream: false, user: 'u' };
    expect((await drawn(host, fields)).status).toBe(200);
  });
});

describe.each(EDITORS)('a change of a picture by %s', (host) => {
  test.each<[JsonObject, string]>([
    [{ images: [] }, 'image'],
    [{ images: Array.from({ length: 11 }, () => ({ image_url: DATA })) }, 'image'],
    [{ images: [{ file_id: 'file-1' }] }, 'images[0]'],
    [{ mask: { image_url: 'data:text/plain,x' } }, 'mask'],
  ])('is refused for %o', (fields, param) => {
    expect(() => edited(host, 'm', fields)).toThrow(expect.objectContaining({ status: 400, param }));
  });

  test('fetches what is named by its address', () => {
    expect(named(host).operations['images.edit']).toMatchObject({ readsForm: true, needsBytes: expect.any(Function) });
  });
});

describe('Stability', () => {
  test.each([
    ['stable-image-core', 'core', {}],
    ['stable-image-ultra', 'ultra', {}],
    ['sd3.5-large', 'sd3', { model: 'sd3.5-large' }],
    ['sd3', 'sd3', {}],
  ])('draws by %s', async (model, path, more) => {
    const fields = { size: '1792x1024', output_format: 'webp', seed: 3, style_preset: 'anime', response_format: 'b64_json' };
    expect(await askedBy('stability', fields, model)).toEqual([
      `https://api.stability.ai/v2beta/stable-image/generate/${path}`,
      { prompt: 'A cat', aspect_ratio: '16:9', output_format: 'webp', seed: '3', style_preset: 'anime', ...more },
    ]);
  });

  test.each([
    ['inpaint', 'edit/inpaint', { mask: { image_url: DATA } }, { mask: 'image/png 89504e470d0a1a0a' }],
    ['search-and-replace', 'edit/search-and-replace', { search_prompt: 'cat' }, { search_prompt: 'cat' }],
    ['fast', 'upscale/fast', {}, {}],
    ['sd3.5-large', 'generate/sd3', { strength: 0.7 }, { model: 'sd3.5-large', mode: 'image-to-image', strength: '0.7' }],
    ['stable-image-ultra', 'generate/ultra', {}, {}],
  ])('changes by %s', async (model, path, fields, expected) => {
    const wire = edited('stability', model, fields);
    expect([wire.url, await bodyOf(wire)]).toEqual([
      `https://api.stability.ai/v2beta/stable-image/${path}`,
      { prompt: 'A dog', image: 'image/png 89504e470d0a1a0a', ...expected },
    ]);
  });

  test('does not follow its jobs, and takes no mask where none is read', () => {
    expect(() => edited('stability', 'creative')).toThrow(/job/);
    expect(() => edited('stability', 'sd3', { mask: { image_url: DATA } })).toThrow(/mask/);
  });

  test('says what it withholds', async () => {
    const filtered = await drawn('stability', {}, 'm', [json({ image: 'AA==', finish_reason: 'CONTENT_FILTERED' })]);
    expect(JSON.parse(filtered.text)).toMatchObject({ error: { code: 'content_policy_violation' } });
    const refused = await drawn('stability', {}, 'm', [json({ id: '1', name: 'content_moderation', errors: ['Your request was flagged.'] }, 403)]);
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 'content_policy_violation', message: 'Your request was flagged.' } });
  });
});

describe('fal', () => {
  test.each([
    ['fal-ai/flux/schnell', { image_size: { width: 1792, height: 1024 } }],
    ['fal-ai/flux-pro/v1.1-ultra', { aspect_ratio: '16:9' }],
    ['fal-ai/imagen4/preview', { aspect_ratio: '16:9' }],
  ])('is asked in its queue for %s', async (model, expected) => {
    expect(await askedBy('fal_ai', { n: 2, size: '1792x1024', seed: 3, guidance_scale: 3.5, output_format: 'jpeg' }, model)).toEqual([
      `https://queue.fal.run/${model}`,
      { prompt: 'A cat', num_images: 2, seed: 3, guidance_scale: 3.5, output_format: 'jpeg', ...expected },
    ]);
  });

  test('may answer at once, and with the picture in its address', async () => {
    const { text } = await drawn('fal_ai', {}, 'm', [json({ image: { url: DATA } })]);
    expect(JSON.parse(text)).toMatchObject({ data: [{ b64_json: PNG.toString('base64') }] });
  });

  test.each([
    ['fal-ai/flux/dev/image-to-image', { image_url: DATA }],
    ['fal-ai/nano-banana/edit', { image_urls: [DATA] }],
  ])('changes pictures by %s', async (model, expected) => {
    expect(await bodyOf(edited('fal_ai', model))).toEqual({ prompt: 'A dog', ...expected });
    const two = await bodyOf(edited('fal_ai', model, { images: [{ image_url: DATA }, { image_url: DATA }], mask: { image_url: DATA } }));
    expect(two).toEqual({ prompt: 'A dog', image_urls: [DATA, DATA], mask_url: DATA });
  });
});

describe('Black Forest Labs', () => {
  test.each([
    ['flux-pro-1.1', { width: 1536, height: 1024 }],
    ['flux-2-pro', { width: 1536, height: 1024 }],
    ['flux-pro-1.1-ultra', { aspect_ratio: '3:2' }],
    ['flux-kontext-pro', { aspect_ratio: '3:2' }],
  ])('draws by %s', async (model, expected) => {
    expect(await askedBy('black_forest_labs', { size: '1536x1024', seed: 3, safety_tolerance: 2 }, model)).toEqual([
      `https://api.bfl.ai/v1/${model}`,
      { prompt: 'A cat', seed: 3, safety_tolerance: 2, ...expected },
    ]);
  });

  test('changes pictures', async () => {
    const data = PNG.toString('base64');
    expect(await bodyOf(edited('black_forest_labs', 'flux-kontext-pro', { images: [{ image_url: DATA }, { image_url: DATA }] }))).toEqual({
      prompt: 'A dog',
      input_image: data,
      input_image_2: data,
    });
    expect(await bodyOf(edited('black_forest_labs', 'flux-pro-1.0-fill', { mask: { image_url: DATA } }))).toEqual({ prompt: 'A dog', image: data, mask: data });
    expect(() => edited('black_forest_labs', 'flux-kontext-pro', { mask: { image_url: DATA } })).toThrow(/mask/);
  });

  test.each([
    ['Request Moderated', 'content_policy_violation'],
    ['Content Moderated', 'content_policy_violation'],
    ['Error', 'upstream_error'],
  ])('that says %s has not drawn', async (state, code) => {
    expect(JSON.parse((await drawn('black_forest_labs', {}, 'm', [json({ id: 't', status: state })])).text)).toMatchObject({ error: { code } });
  });

  test('is not followed to strangers', async () => {
    const { status, text } = await drawn('black_forest_labs', {}, 'm', [json({ id: 't', polling_url: 'https://bfl.ai.evil.example/1' })]);
    expect([status, text]).toEqual([502, expect.stringContaining('not its own')]);
  });
});

describe('Recraft', () => {
  test('draws in styles, and gives bytes by itself', async () => {
    expect(await askedBy('recraft', { n: 2, size: '16:9', style: 'digital_illustration', response_format: 'b64_json' }, 'recraftv3')).toEqual([
      'https://external.api.recraft.ai/v1/images/generations',
      { prompt: 'A cat', model: 'recraftv3', n: 2, size: '16:9', style: 'digital_illustration', response_format: 'b64_json' },
    ]);
  });

  test.each([
    [{}, 'imageToImage', { strength: '0.2' }],
    [{ strength: 0.9, controls: { no_text: true } }, 'imageToImage', { strength: '0.9', controls: '{"no_text":true}' }],
    [{ mask: { image_url: DATA } }, 'inpaint', { mask: 'image/png 89504e470d0a1a0a' }],
  ])('changes pictures with %o', async (fields, path, expected) => {
    const wire = edited('recraft', 'recraftv3', fields);
    expect([wire.url, await bodyOf(wire)]).toEqual([
      `https://external.api.recraft.ai/v1/images/${path}`,
      { prompt: 'A dog', model: 'recraftv3', image: 'image/png 89504e470d0a1a0a', ...expected },
    ]);
  });
});

describe('Ideogram', () => {
  test.each([
    ['ideogram-v3', 'prompt'],
    ['ideogram-v4', 'text_prompt'],
  ])('draws by %s', async (model, field) => {
    expect(await askedBy('ideogram', { n: 2, size: '1024x1536', seed: 3, rendering_speed: 'TURBO' }, model)).toEqual([
      `https://api.ideogram.ai/v1/${model}/generate`,
      { [field]: 'A cat', num_images: '2', aspect_ratio: '2x3', seed: '3', rendering_speed: 'TURBO' },
    ]);
  });

  test('says what it withholds', async () => {
    const { text } = await drawn('ideogram', {}, 'm', [json({ data: [{ url: '', is_image_safe: false }] })]);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'content_policy_violation' } });
  });
});

describe('Runway', () => {
  test.each([
    [undefined, '1024:1024'],
    ['1920x1080', '1920:1080'],
    ['1792x1024', '1360:768'],
    ['1024x1792', '1080:1920'],
  ])('draws %s as %s', async (size, ratio) => {
    expect(await askedBy('runwayml', { size, seed: 3 }, 'gen4_image')).toEqual([
      'https://api.dev.runwayml.com/v1/text_to_image',
      { model: 'gen4_image', promptText: 'A cat', ratio, seed: 3 },
    ]);
  });

  test('draws after others', async () => {
    expect(await bodyOf(edited('runwayml', 'gen4_image'))).toMatchObject({ promptText: 'A dog', referenceImages: [{ uri: DATA }] });
  });

  test.each([
    [{ status: 'FAILED', failure: 'Flagged', failureCode: 'SAFETY.INPUT.TEXT' }, 'content_policy_violation'],
    [{ status: 'FAILED', failure: 'Broken', failureCode: 'INTERNAL' }, 'upstream_error'],
  ])('that says %o has not drawn', async (task, code) => {
    expect(JSON.parse((await drawn('runwayml', {}, 'm', [json({ id: 't', ...task })])).text)).toMatchObject({ error: { code } });
  });
});

describe('Luma', () => {
  test('draws', async () => {
    expect(await askedBy('luma', { size: '1024x768' }, 'photon-1')).toEqual([
      'https://api.lumalabs.ai/dream-machine/v1/generations/image',
      { prompt: 'A cat', model: 'photon-1', aspect_ratio: '4:3' },
    ]);
  });

  test('that fails says why', async () => {
    const { text } = await drawn('luma', {}, 'm', [json({ id: 't', state: 'failed', failure_reason: 'No credits' })]);
    expect(text).toContain('No credits');
  });
});
