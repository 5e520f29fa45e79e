import {
  BOOKKEEPING_FIELDS,
  type ChatRequest,
  type JsonObject,
  type ModelRequest,
  type ProviderCall,
  type Refuse,
  refuser,
  supportedRequest,
} from '@sluice/core';
import { type ModelTraits, traitsOf } from '../model-traits.ts';
import { toConversation } from './conversation.ts';
import { toAnswerTool } from './response-format.ts';
import { isThinking, toThinking } from './thinking.ts';
import { toToolFields } from './tools.ts';

/** OpenAI's parameters that Converse has no equal for. */
const UNSUPPORTED = [
  ...['n', 'seed', 'frequency_penalty', 'presence_penalty', 'logit_bias', 'logprobs', 'top_logprobs', 'modalities', 'audio', 'prediction'],
  ...['verbosity', 'store', 'moderation', 'functions', 'function_call'],
];

/** Converse's own, which go on as they are. */
const OWN = [
  ...['guardrailConfig', 'performanceConfig', 'requestMetadata', 'promptVariables', 'outputConfig', 'serviceTier'],
  'additionalModelResponseFieldPaths',
];

const ADDITIONAL = 'additionalModelRequestFields';

/** What is written anew below, or is the gateway's own affair. Every other field is the model's own, and goes on to it. */
const MAPPED: ReadonlySet<string> = new Set([
  ...BOOKKEEPING_FIELDS,
  ...OWN,
  ...['model', 'messages', 'stream', 'max_tokens', 'max_completion_tokens', 'temperature', 'top_p', 'top_k', 'stop', 'tools', 'tool_choice'],
  ...['parallel_tool_calls', 'web_search_options', 'response_format', 'reasoning_effort', 'thinking', 'service_tier', ADDITIONAL],
]);

/** A chat request as the body of Converse. */
export function toBody(call: ProviderCall): JsonObject {
  const { deployment } = call;
  const request = supportedRequest(call, UNSUPPORTED) as ChatRequest;
  const refuse = refuser(deployment);
  const traits = traitsOf(deployment);
  const inference = toInference(request, deployment.maxOutputTokens);
  const { system, messages, hasCalls } = toConversation(request.messages, { provider: deployment.provider, family: traits.family });
  const thinking = toThinking(request, traits, { maxTokens: inference.maxTokens, refuse });
  const answerTool = toAnswerTool(request, deployment.provider);
  const { toolConfig, additional } = toToolFields(request, { traits, answerTool, hasCalls, isThinking: isThinking(thinking), refuse });
  const own = { ...unmapped(request), ...topK(request, traits), ...thinking, ...additional, ...(request[ADDITIONAL] as JsonObject | undefined) };
  return {
    messages,
    ...(system.length > 0 && { system }),
    ...(Object.keys(inference).length > 0 && { inferenceConfig: inference }),
    ...(toolConfig && { toolConfig }),
    ...(Object.keys(own).length > 0 && { [ADDITIONAL]: own }),
    ...serviceTier(request, refuse),
    ...Object.fromEntries(OWN.filter((field) => hasValue(request[field])).map((field) => [field, request[field]])),
  };
}

type Inference = { readonly maxTokens?: number; readonly temperature?: number; readonly topP?: number; readonly stopSequences?: readonly string[] };

function toInference({ max_completion_tokens: most, max_tokens: limit, temperature, top_p: topP, stop }: ChatRequest, byDeployment?: number): Inference {
  const maxTokens = most ?? limit ?? byDeployment;
  const stopSequences = typeof stop === 'string' ? [stop] : ((stop ?? []) as readonly string[]);
  return {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(typeof temperature === 'number' && { temperature }),
    ...(typeof topP === 'number' && { topP }),
    ...(stopSequences.length > 0 && { stopSequences }),
  };
}

function unmapped(request: ModelRequest): JsonObject {
  return Object.fromEntries(Object.entries(request).filter(([field, value]) => !MAPPED.has(field) && hasValue(value)));
}

function hasValue(value: unknown): boolean {
  return value !== null && value !== undefined;
}

/** Each maker has a place of its own for it. */
function topK({ top_k: topK }: ModelRequest, { family }: ModelTraits): JsonObject {
  if (typeof topK !== 'number') return {};
  if (family === 'nova') return { inferenceConfig: { topK } };
  return family === 'cohere' ? { k: topK } : { top_k: topK };
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html */
const TIERS: ReadonlySet<unknown> = new Set(['default', 'flex', 'priority', 'reserved']);

function serviceTier({ service_tier: tier }: ModelRequest, refuse: Refuse): JsonObject {
  if (!hasValue(tier) || tier === 'auto') return {};
  if (TIERS.has(tier)) return { serviceTier: { type: tier } };
  refuse('service_tier', `it knows ${[...TIERS].join(', ')}`);
  return {};
}
