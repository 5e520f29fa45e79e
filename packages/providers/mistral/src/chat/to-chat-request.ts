import { BOOKKEEPING_FIELDS, type ChatMessage, type Deployment, type JsonObject, type ModelRequest, type ProviderCall, refuser } from '@sluice/core';
import { omit, renamed } from '@sluice/openai-wire';
import { withoutNulls } from '../without-nulls.ts';
import { toMessages } from './messages.ts';
import { toReasoning } from './reasoning.ts';
import { toToolFields } from './tools.ts';

/** What OpenAI has and Mistral has not. https://docs.mistral.ai/api/endpoint/chat */
export const CHAT_LACKS = [
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'modalities',
  'audio',
  'verbosity',
  'store',
  'web_search_options',
  'functions',
  'function_call',
  'moderation',
  'service_tier',
];
/** Those of them that Mistral knows stay. */
const WITHOUT_EFFECT = BOOKKEEPING_FIELDS.filter((field) => field !== 'metadata' && field !== 'prompt_cache_key');

/** The request in Mistral's words. The very same where they are OpenAI's, so that the caller's bytes can go on. */
export function toChatRequest(request: ModelRequest, { deployment }: ProviderCall): ModelRequest {
  const steps: readonly ((request: JsonObject) => JsonObject)[] = [
    (known) => withoutNulls(known),
    (known) => omit(known, ...WITHOUT_EFFECT),
    (known) => renamed(known, 'max_completion_tokens', 'max_tokens'),
    (known) => renamed(known, 'seed', 'random_seed'),
    (known) => toReasoning(known, deployment.model),
    (known) => toToolFields(known, deployment),
    (known) => withPrediction(known, deployment),
    (known) => withMessages(known, deployment.provider),
  ];
  return steps.reduce<JsonObject>((known, step) => step(known), request) as ModelRequest;
}

function withMessages(request: JsonObject, provider: string): JsonObject {
  const messages = request.messages as readonly ChatMessage[];
  const mapped = toMessages(messages, provider);
  return mapped === messages ? request : { ...request, messages: mapped };
}

function withPrediction(request: JsonObject, deployment: Deployment): JsonObject {
  const { prediction } = request;
  const content = (prediction as JsonObject | undefined)?.content;
  if (!Array.isArray(content)) return request;
  const texts = (content as readonly JsonObject[]).map(({ text }) => text);
  if (texts.every((text) => typeof text === 'string')) return { ...request, prediction: { type: 'content', content: texts.join('') } };
  refuser(deployment)('prediction', 'it takes text');
  return omit(request, 'prediction');
}
