import { BOOKKEEPING_FIELDS, type JsonObject, type Mapping, type ModelRequest, type ProviderCall, unsupportedParameter } from '@sluice/core';
import { omit, renamed } from '@sluice/openai-wire';
import { withoutNulls } from './without-nulls.ts';

export const FIM_LACKS = ['n', 'best_of', 'echo', 'logprobs', 'logit_bias', 'frequency_penalty', 'presence_penalty'];
const WITHOUT_EFFECT = BOOKKEEPING_FIELDS.filter((field) => field !== 'metadata' && field !== 'prompt_cache_key');

/** What stands between a prompt and a suffix. https://docs.mistral.ai/api/endpoint/fim */
export function toFimRequest(given: ModelRequest, { deployment }: ProviderCall): ModelRequest {
  const request = renamed(omit(withoutNulls(given), ...WITHOUT_EFFECT), 'seed', 'random_seed');
  const { prompt } = request;
  const [only] = Array.isArray(prompt) && prompt.length === 1 ? (prompt as readonly unknown[]) : [prompt];
  if (typeof only !== 'string') throw unsupportedParameter('prompt', deployment.provider, 'it takes one text at a time');
  return (only === prompt ? request : { ...request, prompt: only }) as ModelRequest;
}

/** Answered in the form of a chat, read in that of a completion. */
export function fimAnswers({ toReply, toChunks }: Pick<Mapping, 'toReply' | 'toChunks'>): Pick<Mapping, 'toReply' | 'toChunks'> {
  return {
    toReply: (body, call) => toCompletion(toReply?.(body, call) ?? (body as JsonObject)),
    toChunks(call) {
      const mend = toChunks?.(call);
      return (event) => (mend?.(event) ?? [JSON.parse(event.data) as JsonObject]).map(toCompletion);
    },
  };
}

type Choice = { readonly index?: number; readonly message?: JsonObject; readonly delta?: JsonObject; readonly [field: string]: unknown };

function toCompletion(body: JsonObject): JsonObject {
  const { choices } = body;
  if (!Array.isArray(choices)) return body;
  return { ...body, object: 'text_completion', choices: (choices as readonly Choice[]).map(toChoice) };
}

function toChoice({ message, delta, ...choice }: Choice): JsonObject {
  return { ...choice, text: (message ?? delta)?.content ?? '', logprobs: null, finish_reason: choice.finish_reason ?? null };
}
