import { encodeEmbeddings, type JsonObject, type Mapping, type ProviderCall, unsupportedParameter } from '@sluice/core';
import { embedConfig, type EmbeddingInput, readInput } from '../embeddings/read-input.ts';
import { toEmbeddings } from '../embeddings/to-embeddings.ts';
import type { EndpointOf } from '../endpoint.ts';
import { toError } from '../to-error.ts';
import type { UsageMetadata } from '../wire.ts';

type Vector = { readonly values?: readonly number[] };
type Prediction = { readonly embeddings?: Vector & { readonly statistics?: { readonly token_count?: number } } };
type Answer = { readonly predictions?: readonly Prediction[]; readonly embedding?: Vector; readonly usageMetadata?: UsageMetadata };

/**
 * Embeddings by `predict`, or by `embedContent` where the model is of the newer kind, which takes one text a call.
 * https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api
 */
export function vertexEmbeddings(endpointOf: EndpointOf): Mapping {
  return {
    toRequest(call) {
      const { url, headers } = endpointOf(call.deployment);
      const input = readInput(call);
      const isOne = takesOneText(call.deployment.model);
      return { url: url(isOne ? 'embedContent' : 'predict'), headers, body: JSON.stringify(isOne ? toContent(input, call) : toInstances(input)) };
    },
    toReply(body, call) {
      const { predictions, embedding, usageMetadata } = body as Answer;
      const vectors = predictions?.map(({ embeddings = {} }) => embeddings) ?? (embedding && [embedding]);
      return encodeEmbeddings(toEmbeddings(vectors, usageMetadata?.promptTokenCount ?? tokensOf(predictions), call.deployment.model), call);
    },
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}

/** As Google's own client tells them apart. */
function takesOneText(model: string): boolean {
  return model.includes('gemini') && !model.includes('gemini-embedding-001');
}

function toInstances({ texts, dimensions, taskType, title }: EmbeddingInput): JsonObject {
  const beside = { ...(taskType !== undefined && { task_type: taskType }), ...(title !== undefined && { title }) };
  return {
    instances: texts.map((content) => ({ content, ...beside })),
    ...(dimensions !== undefined && { parameters: { outputDimensionality: dimensions } }),
  };
}

function toContent(input: EmbeddingInput, { deployment }: ProviderCall): JsonObject {
  const [text, ...others] = input.texts;
  if (others.length > 0) throw unsupportedParameter('input', deployment.provider, `'${deployment.model}' embeds one text a call`);
  const embedContentConfig = embedConfig(input);
  return { content: { parts: [{ text }] }, ...(Object.keys(embedContentConfig).length > 0 && { embedContentConfig }) };
}

function tokensOf(predictions: readonly Prediction[] | undefined): number | undefined {
  const counts = predictions?.map(({ embeddings }) => embeddings?.statistics?.token_count) ?? [];
  return counts.length === 0 || counts.includes(undefined) ? undefined : counts.reduce<number>((sum, count = 0) => sum + count, 0);
}
