import { encodeEmbeddings, type JsonObject, type Mapping, type ModelRequest, type ProviderCall, unsupportedParameter, knownRequest } from '@sluice/core';
import type { AwsSigner } from '@sluice/aws-wire';
import { errorsOf } from '../converse/converse.ts';
import type { EndpointOf } from '../endpoint.ts';
import { readModelName } from '../model-name.ts';

type Answer = {
  readonly embedding?: readonly number[];
  readonly inputTextTokenCount?: number;
  readonly embeddings?: readonly (readonly number[])[] | Readonly<Record<string, readonly (readonly number[])[]>>;
};

const TITAN = ['input', 'dimensions', 'encoding_format', 'normalize'];
const COHERE = ['input', 'dimensions', 'encoding_format', 'input_type', 'truncate'];
/** What Cohere's models are told where nobody says what the vectors are for. */
const DEFAULT_INPUT_TYPE = 'search_document';

/**
 * Vectors by Titan and by Cohere's models. https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html
 */
export function embeddings(endpointOf: EndpointOf, signer: AwsSigner): Mapping {
  return {
    toRequest(call) {
      const { url, headers } = endpointOf(call.deployment);
      const body = readModelName(call.deployment).family === 'cohere' ? ofCohere(call) : ofTitan(call);
      return { url: url('invoke'), headers, body: JSON.stringify(body) };
    },
    toReply: (body, call) => encodeEmbeddings(toReply(body as Answer, call.deployment.model), call),
    toError: errorsOf(signer),
  };
}

/** Titan embeds one text a call. The first of its models has one length of vectors only, and refuses to be told one. */
function ofTitan(call: ProviderCall): JsonObject {
  const request = knownRequest(call, TITAN);
  const [text, ...more] = textsOf(request, call);
  if (more.length > 0) throw unsupportedParameter('input', call.deployment.provider, 'Titan embeds one text a call');
  const { dimensions, normalize } = request;
  const isMultimodal = call.deployment.model.includes('embed-image');
  const length = isMultimodal ? { embeddingConfig: { outputEmbeddingLength: dimensions } } : { dimensions };
  return { inputText: text, ...(typeof dimensions === 'number' && length), ...(typeof normalize === 'boolean' && { normalize }) };
}

function ofCohere(call: ProviderCall): JsonObject {
  const request = knownRequest(call, COHERE);
  const { dimensions, input_type: inputType, truncate } = request;
  return {
    texts: textsOf(request, call),
    input_type: typeof inputType === 'string' ? inputType : DEFAULT_INPUT_TYPE,
    ...(typeof truncate === 'string' && { truncate }),
    ...(typeof dimensions === 'number' && { output_dimension: dimensions, embedding_types: ['float'] }),
  };
}

function textsOf({ input }: ModelRequest, { deployment }: ProviderCall): readonly string[] {
  const inputs = [input].flat();
  if (!inputs.every((text) => typeof text === 'string')) throw unsupportedParameter('input', deployment.provider, 'it takes texts, not tokens');
  return inputs;
}

/** Cohere's models tell their tokens in a header only; the gateway then counts for itself. */
function toReply({ embedding, embeddings: found, inputTextTokenCount: tokens }: Answer, model: string): JsonObject {
  const vectors = embedding
    ? [embedding]
    : Array.isArray(found)
      ? found
      : (found as Readonly<Record<string, readonly (readonly number[])[]>> | undefined)?.float;
  const data = vectors?.map((vector: readonly number[], index: number) => ({ object: 'embedding', index, embedding: vector }));
  return { object: 'list', model, ...(data && { data }), ...(tokens !== undefined && { usage: { prompt_tokens: tokens, total_tokens: tokens } }) };
}
