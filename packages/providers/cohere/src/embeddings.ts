import { encodeEmbeddings, type JsonObject, type Mapping, type ModelRequest, type ProviderCall, supportedRequest, unsupportedParameter } from '@sluice/core';
import type { EndpointOf } from '@sluice/openai-wire';
import { toError } from './to-error.ts';

type EmbedResponse = {
  readonly id?: string;
  readonly embeddings?: Readonly<Record<string, readonly unknown[] | undefined>>;
  readonly meta?: { readonly billed_units?: { readonly input_tokens?: number; readonly image_tokens?: number } };
};

const KNOWN: ReadonlySet<string> = new Set([
  ...['model', 'input', 'dimensions', 'encoding_format', 'user', 'cache', 'metadata'],
  ...['input_type', 'embedding_types', 'truncate', 'max_tokens', 'priority'],
]);
/** What texts are embedded for unless callers say; the other common one is `search_query`. */
const DEFAULT_INPUT_TYPE = 'search_document';
const IMAGE = /^data:image\//i;

/** Texts and images, as data URLs, to vectors. https://docs.cohere.com/v2/reference/embed */
export function embeddings(endpointOf: EndpointOf): Mapping {
  return {
    toRequest(call) {
      const { url, jsonHeaders: headers } = endpointOf(call.deployment);
      return { url: url('embeddings'), headers, body: JSON.stringify(toBody(call)) };
    },
    toReply: (body, call) => encodeEmbeddings(toReply(body as EmbedResponse, call.deployment.model), call),
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}

function toBody(call: ProviderCall): JsonObject {
  const { provider, model } = call.deployment;
  const request = supportedRequest(
    call,
    Object.keys(call.request).filter((name) => !KNOWN.has(name)),
  );
  const { dimensions, truncate, max_tokens: maxTokens, priority } = request;
  return {
    model,
    ...toInputs(request, provider),
    embedding_types: typesOf(request, provider),
    ...(typeof dimensions === 'number' && { output_dimension: dimensions }),
    ...(truncate !== undefined && { truncate }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(priority !== undefined && { priority }),
  };
}

/** Of a mixture only the newer models know what to make. */
function toInputs({ input, input_type: given }: ModelRequest, provider: string): JsonObject {
  const inputs = [input].flat();
  if (!inputs.every((each) => typeof each === 'string')) throw unsupportedParameter('input', provider, 'it takes texts and images, not tokens');
  const type = { input_type: given ?? DEFAULT_INPUT_TYPE };
  const images = inputs.filter((each) => IMAGE.test(each));
  if (images.length === 0) return { ...type, texts: inputs };
  if (images.length === inputs.length) return { input_type: given ?? 'image', images };
  return { ...type, inputs: inputs.map((each) => ({ content: [toContent(each)] })) };
}

function toContent(input: string): JsonObject {
  return IMAGE.test(input) ? { type: 'image_url', image_url: { url: input } } : { type: 'text', text: input };
}

function typesOf({ embedding_types: given }: ModelRequest, provider: string): readonly unknown[] {
  if (given === undefined || given === null) return ['float'];
  const types = [given].flat();
  if (types.length > 1) throw unsupportedParameter('embedding_types', provider, 'an answer holds one vector for each input');
  return types;
}

function toReply({ id, embeddings: found, meta }: EmbedResponse, model: string): JsonObject {
  const [vectors] = Object.values(found ?? {}).filter((each) => each !== undefined && each !== null);
  const data = vectors?.map((embedding, index) => ({ object: 'embedding', index, embedding }));
  const { input_tokens: texts = 0, image_tokens: images = 0 } = meta?.billed_units ?? {};
  const usage = {
    prompt_tokens: texts + images,
    total_tokens: texts + images,
    ...(images > 0 && { prompt_tokens_details: { image_tokens: images } }),
  };
  return { ...(id !== undefined && { id }), object: 'list', model, ...(data && { data }), ...(meta?.billed_units && { usage }) };
}
