import { type Deployment, type JsonObject, type Operation, type ProviderCall, secret } from '@sluice/core';
import { ask, type Recording } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { gemini } from './studio/gemini.ts';
import { vertex } from './vertex/vertex.ts';

const studio = gemini({ env: {} });
const PLACE = 'https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models';
const cloud = vertex({ env: {}, project: 'p', credentials: 'ya29.token' });
const usageMetadata = {
  promptTokenCount: 3,
  candidatesTokenCount: 1290,
  totalTokenCount: 1293,
  candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1290 }],
};

function bodyOf(operation: Operation, model: string, request: object, provider = studio): { readonly url: string; readonly body: JsonObject } {
  const deployment: Deployment = { id: 'd', provider: provider.name, model, ...(provider === studio && { apiKey: secret('k') }) };
  const call: ProviderCall = { operation, request: { model: 'm', ...request }, deployment };
  const { url = '', body } = (provider.operationsOf?.(deployment) ?? provider.operations)[operation]?.toRequest(call) ?? {};
  return { url, body: JSON.parse(String(body)) as JsonObject };
}

function json(body: unknown): Recording {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

const drawn = json({ candidates: [{ content: { parts: [{ inlineData: { mimeType: 'image/png', data: 'UE5H' } }] }, finishReason: 'STOP' }], usageMetadata });

describe('pictures made of others', () => {
  test('go inside of the question, when a form brings them', async () => {
    const { status, sent, text, usage } = await ask({
      provider: studio,
      operation: 'images.edit',
      request: { model: 'm', prompt: 'a red cat', n: 1 },
      recording: drawn,
    });
    expect([status, JSON.parse(text)]).toMatchObject([200, { data: [{ b64_json: 'UE5H' }] }]);
    expect(usage).toMatchObject({ imageOutputTokens: 1290 });
    const data = Buffer.from('bytes of a file').toString('base64');
    expect(JSON.parse(String(sent?.body))).toMatchObject({
      contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'application/octet-stream', data } }, { text: 'a red cat' }] }],
    });
  });

  test('may be named by data in JSON', () => {
    const images = [{ image_url: 'data:image/png;base64,QUJD' }, { image_url: { url: 'data:image/webp;base64,REVG' } }];
    expect(bodyOf('images.edit', 'gemini-3-pro-image', { prompt: 'both', images, size: '1024x1024' }).body).toMatchObject({
      contents: [
        { parts: [{ inlineData: { mimeType: 'image/png', data: 'QUJD' } }, { inlineData: { mimeType: 'image/webp', data: 'REVG' } }, { text: 'both' }] },
      ],
      generationConfig: { imageConfig: { aspectRatio: '1:1' } },
    });
  });

  test.each([
    ['mask', { images: [{ image_url: 'data:image/png;base64,QUJD' }], mask: { image_url: 'x' } }],
    ['image', {}],
    ['n', { images: [{ image_url: 'data:image/png;base64,QUJD' }], n: 2 }],
  ])('are refused by name for %s', (param, request) => {
    expect(() => bodyOf('images.edit', 'gemini-3-pro-image', { prompt: 'x', ...request })).toThrow(expect.objectContaining({ param }));
  });
});

describe('pictures', () => {
  test('are drawn by Imagen, where it has other words', () => {
    const request = { prompt: 'a cat', n: 2, size: '1792x1024', output_format: 'jpeg', output_compression: 80, negative_prompt: 'dogs', quality: 'auto' };
    expect(bodyOf('images.generate', 'imagen-4.0-generate-001', request, cloud)).toEqual({
      url: `${PLACE}/imagen-4.0-generate-001:predict`,
      body: {
        instances: [{ prompt: 'a cat' }],
        parameters: {
          sampleCount: 2,
          aspectRatio: '16:9',
          outputOptions: { mimeType: 'image/jpeg', compressionQuality: 80 },
          includeRaiReason: true,
          negativePrompt: 'dogs',
        },
      },
    });
    expect(bodyOf('images.generate', 'imagen-4.0-generate-001', { prompt: 'x' }).url).toMatch(/v1beta\/models\/imagen-4\.0-generate-001:predict$/);
  });

  test('are drawn by Gemini', () => {
    expect(bodyOf('images.generate', 'gemini-2.5-flash-image', { prompt: 'a cat', size: '1536x1024' }).body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'a cat' }] }],
      generationConfig: { responseModalities: ['TEXT', 'IMAGE'], imageConfig: { aspectRatio: '3:2' } },
    });
    expect(bodyOf('images.generate', 'gemini-3-pro-image', { prompt: 'x', size: '2048x2048' }).body).toMatchObject({
      generationConfig: { imageConfig: { aspectRatio: '1:1', imageSize: '2K' } },
    });
  });

  test.each([
    ['imagen-4', 'size', { size: '1000x400' }],
    ['imagen-4', 'output_format', { output_format: 'webp' }],
    ['imagen-4', 'response_format', { response_format: 'url' }],
    ['imagen-4', 'background', { background: 'transparent' }],
    ['gemini-2.5-flash-image', 'n', { n: 2 }],
  ])('by %s are refused for %s, which it cannot honour', (model, param, request) => {
    expect(() => bodyOf('images.generate', model, { prompt: 'x', ...request })).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param }));
  });

  const drawing = (model: string, answer: unknown): ReturnType<typeof ask> =>
    ask({ provider: studio, operation: 'images.generate', request: { model: 'm', prompt: 'x' }, recording: json(answer), deployment: { model } });

  test('come as bytes, counted by piece or by token', async () => {
    const imagen = await drawing('imagen-4', { predictions: [{ bytesBase64Encoded: 'AA==', mimeType: 'image/png', prompt: 'a fine x' }] });
    expect(JSON.parse(imagen.text)).toMatchObject({ data: [{ b64_json: 'AA==', revised_prompt: 'a fine x' }], output_format: 'png' });
    expect(imagen.usage?.images).toBe(1);
    const parts = [{ text: 'Here:' }, { inlineData: { mimeType: 'image/png', data: 'AA==' } }];
    const drawn = await drawing('gemini-2.5-flash-image', { candidates: [{ content: { parts }, finishReason: 'STOP' }], usageMetadata });
    expect(JSON.parse(drawn.text)).toMatchObject({ data: [{ b64_json: 'AA==' }], usage: { input_tokens: 3, output_tokens: 1290 } });
    expect(drawn.usage).toMatchObject({ inputTokens: 3, outputTokens: 1290, imageOutputTokens: 1290 });
  });

  test.each<[string, string, object, string, RegExp]>([
    ['withheld', 'imagen-4', { predictions: [{ raiFilteredReason: 'Not allowed' }] }, 'content_policy_violation', /Not allowed/],
    ['withheld', 'gemini-2.5-flash-image', { candidates: [{ finishReason: 'IMAGE_SAFETY' }] }, 'content_policy_violation', /IMAGE_SAFETY/],
    ['not asked for', 'gemini-2.5-flash-image', { promptFeedback: { blockReason: 'SAFETY' } }, 'content_policy_violation', /SAFETY/],
    [
      'only spoken of',
      'gemini-2.5-flash-image',
      { candidates: [{ content: { parts: [{ text: 'No.' }] }, finishReason: 'STOP' }] },
      'upstream_invalid_answer',
      /No\./,
    ],
  ])('that are %s by %s are an error', async (_, model, answer, code, message) => {
    const { error } = JSON.parse((await drawing(model, answer)).text) as { readonly error: JsonObject };
    expect(error).toMatchObject({ code: expect.stringMatching(code), message: expect.stringMatching(message) });
  });
});

describe('speech', () => {
  const samples = Buffer.from([1, 0, 2, 0]);
  const answer = {
    candidates: [{ content: { parts: [{ inlineData: { mimeType: 'audio/L16;codec=pcm;rate=24000', data: samples.toString('base64') } }] } }],
    usageMetadata: { promptTokenCount: 2, candidatesTokenCount: 9, totalTokenCount: 11, candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 9 }] },
  };
  const speak = (format: string | undefined, said: unknown = answer): ReturnType<typeof ask> =>
    ask({
      provider: studio,
      operation: 'audio.speech',
      request: { model: 'm', input: 'Hello', voice: 'Kore', ...(format && { response_format: format }) },
      recording: json(said),
    });

  test('is asked for with a voice, and in a manner', () => {
    expect(bodyOf('audio.speech', 'gemini-2.5-flash-preview-tts', { input: 'Hello', voice: 'Puck', instructions: 'Say cheerfully:', speed: 1 }).body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Say cheerfully: Hello' }] }],
      generationConfig: { responseModalities: ['AUDIO'], speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Puck' } } } },
    });
    expect(() => bodyOf('audio.speech', 'tts', { input: 'x', response_format: 'mp3' })).toThrow(expect.objectContaining({ param: 'response_format' }));
    expect(() => bodyOf('audio.speech', 'tts', { input: 'x', speed: 2 })).toThrow(expect.objectContaining({ param: 'speed' }));
  });

  test('comes as samples or as a file, counted', async () => {
    const raw = await speak('pcm');
    expect([raw.contentType, raw.bytes]).toEqual(['audio/pcm;rate=24000', samples]);
    const file = await speak(undefined);
    expect(file.contentType).toBe('audio/wav');
    expect([file.bytes.subarray(0, 4).toString(), file.bytes.readUInt32LE(24), file.bytes.subarray(44)]).toEqual(['RIFF', 24_000, samples]);
    expect(file.usage).toMatchObject({ inputTokens: 2, outputTokens: 9, audioOutputTokens: 9 });
  });

  test('that is not there is an error', async () => {
    const silent = await speak('wav', { candidates: [{ finishReason: 'OTHER' }] });
    expect([silent.status, silent.text]).toEqual([502, expect.stringMatching(/said nothing: OTHER/)]);
  });
});

test('tokens are counted with what stands beside the messages', async () => {
  const request = { system: 'Be kind.', messages: [{ role: 'user', content: 'x' }], tools: [{ type: 'function', function: { name: 'f' } }] };
  const body = {
    contents: [{ role: 'user', parts: [{ text: 'x' }] }],
    systemInstruction: { parts: [{ text: 'Be kind.' }] },
    tools: [{ functionDeclarations: [{ name: 'f' }] }],
  };
  expect(bodyOf('tokens.count', 'gemini-2.5-flash', request, cloud)).toEqual({ url: `${PLACE}/gemini-2.5-flash:countTokens`, body });
  expect(bodyOf('tokens.count', 'gemini-2.5-flash', request).body).toEqual({ generateContentRequest: { model: 'models/gemini-2.5-flash', ...body } });
  expect(bodyOf('tokens.count', 'gemini-2.5-flash', { prompt: 'x' }, cloud).body).toEqual({ contents: body.contents });
  const counted = await ask({ provider: studio, operation: 'tokens.count', request: { model: 'm', ...request }, recording: json({ totalTokens: 7 }) });
  expect(JSON.parse(counted.text)).toMatchObject({ input_tokens: 7, tokenizer_type: 'gemini_api' });
});
