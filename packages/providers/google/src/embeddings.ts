import { encodeEmbeddings, type JsonObject, type Mapping, type ModelRequest, supportedRequest, unsupportedParameter } from '@sluice/core';
import type { EndpointOf } from './endpoint.ts';
import { toError } from './to-error.ts';
import type { UsageMetadata } from './wire.ts';

type BatchEmbedContentsResponse = { readonly embeddings?: readonly { readonly values?: readonly number[] }[]; readonly usageMetadata?: UsageMetadata };

const KNOWN: ReadonlySet<string> = new Set(['model', 'input', 'dimensions', 'encoding_format', 'user', 'cache', 'metadata', 'task_type', 'title']);

/** One vector for each input, by `batchEmbedContents`. https://ai.google.dev/api/embeddings */
export function embeddings(endpointOf: EndpointOf): Mapping {
  return {
    toRequest(call) {
      const { deployment } = call;
      const request = supportedRequest(
        call,
        Object.keys(call.request).filter((name) => !KNOWN.has(name)),
      );
      const { url, headers, model } = endpointOf(deployment);
      const inputs = [request.input].flat();
      if (inputs.some((input) => typeof input !== 'string')) throw unsupportedParameter('input', deployment.provider, 'it takes texts, not tokens');
      const beside = optionsOf(request);
      return {
        url: url('batchEmbedContents'),
        headers,
        body: JSON.stringify({ requests: inputs.map((text) => ({ model, content: { parts: [{ text }] }, ...beside })) }),
      };
    },
    toReply: (body, call) => encodeEmbeddings(toReply(body as BatchEmbedContentsResponse, call.deployment.model), call),
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}

function optionsOf({ dimensions, task_type: taskType, title }: ModelRequest): JsonObject {
  return {
    ...(typeof dimensions === 'number' && { outputDimensionality: dimensions }),
    ...(typeof taskType === 'string' && { taskType }),
    ...(typeof title === 'string' && { title }),
  };
}

/** Most models report no usage; the gateway then counts for itself. */
function toReply({ embeddings: found, usageMetadata }: BatchEmbedContentsResponse, model: string): JsonObject {
  const data = found?.map(({ values = [] }, index) => ({ object: 'embedding', index, embedding: values }));
  const tokens = usageMetadata?.promptTokenCount;
  return { object: 'list', model, ...(data && { data }), ...(tokens !== undefined && { usage: { prompt_tokens: tokens, total_tokens: tokens } }) };
}
