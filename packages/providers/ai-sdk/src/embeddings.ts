import { unsupportedParameter } from '@sluice/core';
import { readFields } from './fields.ts';
import { type AiSdkOperation, common } from './operation.ts';
import { requireVersion } from './source.ts';
import type { ByProvider } from './specification.ts';
import { jsonResponse } from './wire-response.ts';
import { withMetadata } from './chat/answer.ts';

type EmbeddingOptions = { readonly values: string[]; readonly dimensions?: number; readonly providerOptions?: ByProvider };

/** One vector for each text. https://ai-sdk.dev/docs/ai-sdk-core/embeddings */
export const embeddings: AiSdkOperation<EmbeddingOptions> = {
  name: 'embeddings',
  toOptions(call, ai) {
    const model = ai.embeddingModel(call.deployment.model);
    requireVersion(model);
    // Version 3 has no word for it, and its packages take it each under a name of its own.
    const known = ['input', 'encoding_format', ...(model.specificationVersion === 'v4' ? ['dimensions'] : [])];
    const { request, options } = readFields(call, known, model.provider);
    const values = [request.input].flat();
    if (!values.every((value) => typeof value === 'string')) throw unsupportedParameter('input', call.deployment.provider, 'it takes texts, not tokens');
    return { values, ...(typeof request.dimensions === 'number' && { dimensions: request.dimensions }), ...(options && { providerOptions: options }) };
  },
  async run({ ai, call, options, limits, send }) {
    const { model: name } = call.deployment;
    const result = await limits.within(ai.embeddingModel(name).doEmbed({ ...options, ...common({ call, limits }) }), send.timeoutMs);
    const tokens = result.usage?.tokens;
    return jsonResponse({
      object: 'list',
      data: result.embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })),
      model: name,
      ...(tokens !== undefined && { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
      ...withMetadata(result.providerMetadata),
      ...(result.warnings.length > 0 && { warnings: result.warnings }),
    });
  },
};
