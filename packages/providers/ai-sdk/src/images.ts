import { type JsonObject, unsupportedParameter } from '@sluice/core';
import { invalid } from './chat/parts.ts';
import { readFields } from './fields.ts';
import { type AiSdkOperation, common, type Run } from './operation.ts';
import type { ByProvider, ImageFile, ImageOptions, ImageResult } from './specification.ts';
import { readFiles, type UploadedFile } from './upload.ts';
import { jsonResponse } from './wire-response.ts';
import type { AiSdkProvider } from './specification.ts';
import type { ProviderCall, WireResponse } from '@sluice/core';

type Drawing = {
  readonly prompt: string | undefined;
  readonly n: number;
  readonly size?: `${number}x${number}`;
  readonly aspectRatio?: `${number}:${number}`;
  readonly seed?: number;
  readonly providerOptions: ByProvider;
};

const FIELDS = ['prompt', 'n', 'size', 'aspect_ratio', 'seed', 'response_format'] as const;

/** Pictures by their description. https://ai-sdk.dev/docs/ai-sdk-core/image-generation */
export const imageGeneration: AiSdkOperation<Drawing> = {
  name: 'images.generate',
  toOptions: (call, ai) => toDrawing(call, ai, FIELDS),
  run: (run) => draw(run, { files: undefined, mask: undefined }),
};

/** Pictures made of other pictures. */
export const imageEdit: AiSdkOperation<Drawing> = {
  name: 'images.edit',
  toOptions: (call, ai) => toDrawing(call, ai, [...FIELDS, 'image', 'mask']),
  async run(run) {
    const files = await readFiles(run.call);
    const [mask] = files.get('mask') ?? [];
    const images = files.get('image') ?? [];
    if (images.length === 0) throw invalid('image', 'is missing');
    return draw(run, { files: images.map(toFile), mask: mask && toFile(mask) });
  },
};

function toDrawing(call: ProviderCall, ai: AiSdkProvider, known: readonly string[]): Drawing {
  const { request, options = {} } = readFields(call, known, ai.imageModel(call.deployment.model).provider);
  const { prompt, n, size, aspect_ratio: ratio, seed, response_format: format } = request;
  if (format === 'url') throw unsupportedParameter('response_format', call.deployment.provider, 'the AI SDK gives pictures as data');
  if (typeof size === 'string' && size !== 'auto' && !/^\d+x\d+$/.test(size)) throw invalid('size', "has to be written as '1024x1024'");
  if (typeof ratio === 'string' && !/^\d+:\d+$/.test(ratio)) throw invalid('aspect_ratio', "has to be written as '16:9'");
  return {
    prompt: typeof prompt === 'string' ? prompt : undefined,
    n: Number(n ?? 1),
    ...(typeof size === 'string' && size !== 'auto' && { size: size as `${number}x${number}` }),
    ...(typeof ratio === 'string' && { aspectRatio: ratio as `${number}:${number}` }),
    ...(seed !== undefined && seed !== null && { seed: Number(seed) }),
    providerOptions: options,
  };
}

async function draw({ ai, call, options, limits, send }: Run<Drawing>, files: Pick<ImageOptions, 'files' | 'mask'>): Promise<WireResponse> {
  const { size, aspectRatio, seed, ...rest } = options;
  const given: ImageOptions = { ...rest, size, aspectRatio, seed, ...files, ...common({ call, limits }) };
  const result = await limits.within(ai.imageModel(call.deployment.model).doGenerate(given), send.timeoutMs);
  return jsonResponse(toReply(result));
}

function toReply({ images, usage, warnings, providerMetadata }: ImageResult): JsonObject {
  const { inputTokens: input, outputTokens: output } = usage ?? {};
  return {
    created: Math.floor(Date.now() / 1000),
    data: images.map((image) => ({ b64_json: typeof image === 'string' ? image : Buffer.from(image).toString('base64') })),
    ...((input !== undefined || output !== undefined) && {
      usage: { input_tokens: input ?? 0, output_tokens: output ?? 0, total_tokens: (input ?? 0) + (output ?? 0) },
    }),
    ...(providerMetadata !== undefined && { provider_metadata: providerMetadata }),
    ...(warnings.length > 0 && { warnings }),
  };
}

function toFile({ bytes, mediaType }: UploadedFile): ImageFile {
  return { type: 'file', mediaType, data: bytes };
}
