import { BOOKKEEPING_FIELDS, GatewayError, type JsonObject, type Mapping, type ProviderCall, refuser, supportedRequest, type Usage } from '@sluice/core';
import type { EndpointOf } from '@sluice/openai-wire';
import { FOLLOWS_TO, nextOf, type Prediction, predictionIn, toFile, toPredictionRequest } from './prediction.ts';
import { secondsOf } from './seconds.ts';
import { requireSuccess, toError } from './to-error.ts';

/** What OpenAI's callers may ask for and no model here has a word for. Other fields are the model's own inputs. */
const LACKS = ['style', 'moderation', 'partial_images'];
const MAPPED: ReadonlySet<string> = new Set(['model', 'prompt', 'n', 'size', 'response_format', 'stream', ...BOOKKEEPING_FIELDS]);

/** Pictures, by their addresses, which last an hour, or one of them as bytes. https://replicate.com/docs/topics/predictions/output-files */
export function images(endpointOf: EndpointOf): Mapping {
  return {
    toRequest: (call) => toPredictionRequest(call, endpointOf(call.deployment), toInput(call)),
    follow(body, { request, deployment }) {
      const prediction = predictionIn(body);
      const [address] = prediction.status === 'succeeded' && request.response_format === 'b64_json' ? addressesIn(prediction) : [];
      return address?.startsWith('http') ? { wire: toFile(address), afterMs: 0 } : nextOf(prediction, endpointOf(deployment), false);
    },
    followsTo: FOLLOWS_TO,
    fromBytes({ contentType, bytes }) {
      if (!contentType.startsWith('image/')) throw new GatewayError('upstream_invalid_answer', `The model answered with no picture, but '${contentType}'`);
      return { status: 'succeeded', output: [`data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`] };
    },
    toReply: (body, call) => toReply(predictionIn(body), call),
    toUsage,
    toError: (error, { deployment }) => toError(error, endpointOf(deployment).key),
  };
}

function toInput(call: ProviderCall): JsonObject {
  const request = supportedRequest(call, LACKS);
  const { prompt, n, size, response_format: format } = request;
  const refuse = refuser(call.deployment);
  if (format === 'b64_json' && typeof n === 'number' && n > 1) refuse('response_format', 'of several pictures only the addresses come');
  if (format === 'b64_json' && call.deployment.price?.perSecond !== undefined)
    refuse('response_format', 'the picture itself does not tell how long it took, and is paid by that');
  if (request.stream === true) refuse('stream', 'pictures come whole');
  const own = Object.entries(request).filter(([name, value]) => !MAPPED.has(name) && value !== undefined && value !== null);
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(String(size ?? '')) ?? [];
  if (typeof size === 'string' && size !== 'auto' && width === undefined) refuse('size', 'it is a width and a height in pixels, such as 1024x1024');
  return {
    prompt,
    ...(width !== undefined && height !== undefined && { width: Number(width), height: Number(height) }),
    ...(typeof n === 'number' && n > 1 && { num_outputs: n }),
    ...Object.fromEntries(own),
  };
}

function toReply(prediction: Prediction, { deployment: { price } }: ProviderCall): JsonObject {
  requireSuccess(prediction);
  const { created_at: createdAt } = prediction;
  return {
    created: Math.floor((createdAt === undefined ? Date.now() : Date.parse(createdAt)) / 1000),
    data: addressesIn(prediction).map(toPicture),
    ...(price?.perSecond !== undefined && { predict_time: secondsOf(prediction) }),
  };
}

/** A model has one address or a list of them. */
function addressesIn({ output }: Prediction): readonly string[] {
  const found = [output].flat();
  if (found.length > 0 && found.every((address) => typeof address === 'string')) return found;
  throw new GatewayError('upstream_invalid_answer', 'The model did not answer with pictures: does it draw?');
}

function toPicture(address: string): JsonObject {
  const [, data] = /^data:[^,]*;base64,(.*)$/s.exec(address) ?? [];
  return data === undefined ? { url: address } : { b64_json: data };
}

/** Where a model is paid by its time; else the pictures are counted. */
function toUsage({ data, predict_time: seconds }: JsonObject): Usage | undefined {
  if (typeof seconds !== 'number' || !Array.isArray(data)) return undefined;
  return { inputTokens: 0, outputTokens: 0, images: data.length, seconds };
}
