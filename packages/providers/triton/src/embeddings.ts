import { encodeEmbeddings, GatewayError, type JsonObject, knownRequest, type Mapping, type ProviderCall, revealed, unsupportedParameter } from '@sluice/core';
import type { Ask } from './ask.ts';

type Tensor = { readonly name?: string; readonly shape?: readonly number[]; readonly data?: readonly number[] };

/** As the models that LiteLLM calls have it. */
const INPUT = 'input_text';

/** Vectors of texts, by a tensor of texts and one of numbers. https://github.com/kserve/kserve/blob/master/docs/predict-api/v2/required_api.md */
export function embeddings(ask: Ask): Omit<Mapping, 'toError'> {
  return {
    toRequest(call) {
      knownRequest(call, ['input', 'encoding_format']);
      const data = textsOf(call);
      const name = revealed(call.deployment.options?.input_name) ?? INPUT;
      const inputs = [{ name, shape: [data.length], datatype: 'BYTES', data }];
      return { ...ask(call.deployment, 'infer'), body: JSON.stringify({ inputs }) };
    },
    toReply: (body, call) => encodeEmbeddings(toReply(body, call), call),
  };
}

function textsOf({ request: { input }, deployment: { provider } }: ProviderCall): readonly string[] {
  const texts = [input].flat();
  if (texts.every((text) => typeof text === 'string')) return texts;
  throw unsupportedParameter('input', provider, 'it takes texts, not tokens');
}

/** The numbers of all vectors stand in one row; the shape tells where each begins. */
function toReply(body: unknown, call: ProviderCall): JsonObject {
  const { model, options } = call.deployment;
  const outputs = (body as { readonly outputs?: readonly Tensor[] }).outputs ?? [];
  const wanted = revealed(options?.output_name);
  const { shape, data } = (wanted === undefined ? outputs[0] : outputs.find(({ name }) => name === wanted)) ?? {};
  if (!shape || !data) return { object: 'list', model };
  const { length } = textsOf(call);
  const size = data.length / length;
  if (!Number.isInteger(size) || shape[0] !== length)
    throw new GatewayError('upstream_invalid_answer', `The tensor that '${model}' answered with has no vector for each text`);
  return {
    object: 'list',
    model,
    data: Array.from({ length }, (_, index) => ({ object: 'embedding', index, embedding: data.slice(index * size, (index + 1) * size) })),
  };
}
