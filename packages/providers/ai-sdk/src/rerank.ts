import { GatewayError, unsupportedParameter } from '@sluice/core';
import { readFields } from './fields.ts';
import { type AiSdkOperation, common } from './operation.ts';
import { requireVersion } from './source.ts';
import type { AiSdkProvider, ByProvider, RerankingModel } from './specification.ts';
import { jsonResponse } from './wire-response.ts';
import { withMetadata } from './chat/answer.ts';

type Documents = { readonly type: 'text'; readonly values: readonly string[] } | { readonly type: 'object'; readonly values: readonly object[] };
type Ranking = { readonly query: string; readonly documents: Documents; readonly topN?: number; readonly providerOptions?: ByProvider };

/** Documents by how well they answer a query. https://ai-sdk.dev/docs/ai-sdk-core/reranking */
export const rerank: AiSdkOperation<Ranking> = {
  name: 'rerank',
  toOptions(call, ai) {
    const model = modelOf(ai, call.deployment.model);
    requireVersion(model);
    const { request, options } = readFields(call, ['query', 'documents', 'top_n', 'return_documents'], model.provider);
    const { query, documents, top_n: topN } = request;
    return {
      query: String(query),
      documents: toDocuments(documents as readonly unknown[], call.deployment.provider),
      ...(typeof topN === 'number' && { topN }),
      ...(options && { providerOptions: options }),
    };
  },
  async run({ ai, call, options, limits, send }) {
    const { model: name } = call.deployment;
    const result = await limits.within(modelOf(ai, name).doRerank({ ...options, ...common({ call, limits }) }), send.timeoutMs);
    const { return_documents: isWithDocuments, documents } = call.request;
    const document = (index: number): object => (isWithDocuments === true ? { document: asObject((documents as readonly unknown[])[index]) } : {});
    return jsonResponse({
      id: result.response?.id ?? `rerank-${Date.now()}`,
      model: name,
      results: result.ranking.map(({ index, relevanceScore }) => ({ index, relevance_score: relevanceScore, ...document(index) })),
      ...withMetadata(result.providerMetadata),
      ...(result.warnings && result.warnings.length > 0 && { warnings: result.warnings }),
    });
  },
};

function modelOf(ai: AiSdkProvider, name: string): RerankingModel {
  const model = ai.rerankingModel?.(name) ?? undefined;
  if (!model) throw new GatewayError('unsupported_operation', 'This package of the AI SDK has no models that order documents');
  return model;
}

/** All of one kind, as the AI SDK has it. */
function toDocuments(documents: readonly unknown[], provider: string): Documents {
  if (documents.every((document) => typeof document === 'string')) return { type: 'text', values: documents };
  if (documents.every((document) => document !== null && typeof document === 'object')) return { type: 'object', values: documents };
  throw unsupportedParameter('documents', provider, 'they are all texts or all objects');
}

function asObject(document: unknown): unknown {
  return typeof document === 'string' ? { text: document } : document;
}
