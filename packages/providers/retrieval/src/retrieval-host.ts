import { encodeEmbeddings, type JsonObject, type Mapping, type ModelRequest, type Provider, type ProviderCall, type Secret } from '@sluice/core';
import { type EndpointOf, endpoints, type Environment, type Host, readHostUsage, toError, toProvider, toSecret } from '@sluice/openai-wire';

export type RetrievalOptions = {
  /** What deployments call this provider. */
  readonly name?: string;
  /** For deployments that bring none. Default: the host's variable in the environment. */
  readonly apiKey?: string | Secret | undefined;
  /** Default: the host's variable in the environment, then the host's own address. */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

/** A host for embeddings and reranking, and where it departs from the usual form of both. */
export type RetrievalHost = {
  readonly name: string;
  readonly baseUrl: string;
  readonly basePath?: string;
  readonly keys: readonly string[];
  readonly baseUrls: readonly string[];
  readonly isOwnServer?: true;
  readonly paths?: Host['paths'];
  toEmbeddingFields(call: ProviderCall): JsonObject;
  toRerankFields(call: ProviderCall): JsonObject;
  /** The answer about documents in Cohere's form, which callers read. */
  toResults(body: unknown, call: ProviderCall): JsonObject;
};

/** The provider of `host`: vectors and orders of documents, both asked for in JSON. */
export function retrievalProvider(host: RetrievalHost, { name = host.name, apiKey, baseUrl, headers, env = process.env }: RetrievalOptions = {}): Provider {
  const wireHost: Host = {
    name,
    baseUrl: baseUrl ?? host.baseUrl,
    basePath: host.basePath,
    needsKey: host.isOwnServer !== true,
    apiKey: toSecret(apiKey),
    headers,
    operations: ['embeddings', 'rerank'],
    paths: host.paths,
    quirks: [],
    fromEnvironment: { env, keys: host.keys, baseUrls: baseUrl === undefined ? host.baseUrls : [], parts: {} },
  };
  const endpointOf = endpoints(wireHost);
  return {
    ...toProvider(wireHost),
    operations: {
      embeddings: { ...asJson('embeddings', endpointOf, host.toEmbeddingFields), toReply: encodeEmbeddings, toUsage: readHostUsage },
      rerank: { ...asJson('rerank', endpointOf, host.toRerankFields), toReply: host.toResults },
    },
  };
}

function asJson(
  operation: 'embeddings' | 'rerank',
  endpointOf: EndpointOf,
  toFields: (call: ProviderCall) => JsonObject,
): Pick<Mapping, 'toRequest' | 'toError'> {
  return {
    toRequest(call) {
      const { url, jsonHeaders } = endpointOf(call.deployment);
      return { url: url(operation), headers: jsonHeaders, body: JSON.stringify({ ...toFields(call), model: call.deployment.model }) };
    },
    toError: (error, { deployment }) => toError(error, endpointOf(deployment).key),
  };
}

/** Results with their documents, where they were asked for, in Cohere's form. */
export function toResult({ index, relevance_score: score, document, ...rest }: JsonObject): JsonObject {
  return { index, relevance_score: score, ...(document !== undefined && { document: typeof document === 'string' ? { text: document } : document }), ...rest };
}

/** Documents as texts: those that come as objects hold it as `text`. */
export function textsOf({ documents }: ModelRequest): readonly (string | undefined)[] {
  return (documents as readonly (string | JsonObject)[]).map((document) => {
    const text = typeof document === 'string' ? document : document.text;
    return typeof text === 'string' ? text : undefined;
  });
}
