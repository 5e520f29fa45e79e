import { BOOKKEEPING_FIELDS, type ChatRequest, type JsonObject, type ModelRequest, type ProviderCall, type Refuse, refuser } from '@sluice/core';
import { traitsOf } from '../model-traits.ts';
import { toConversation } from './conversation.ts';
import { type AnswerForm, forceAnswer, toAnswerForm } from './response-format.ts';
import { budgetOf, isThinking, toThinking, type Thinking } from './thinking.ts';
import { toToolChoice, toTools } from './tools.ts';
import { supportedBy } from './unsupported.ts';

/** The API demands a limit, and callers of OpenAI's need not give one. */
const DEFAULT_MAX_TOKENS = 4096;

/** What is written anew below, or is the gateway's own affair. Every other field goes on as it is. */
const MAPPED: ReadonlySet<string> = new Set([
  ...BOOKKEEPING_FIELDS,
  ...['model', 'messages', 'stream', 'max_tokens', 'max_completion_tokens', 'stop', 'tools', 'tool_choice', 'parallel_tool_calls'],
  ...['web_search_options', 'response_format', 'reasoning_effort', 'thinking', 'output_config', 'service_tier'],
]);

/** A chat request as the body of Messages. */
export function toBody(call: ProviderCall): JsonObject {
  const { model, provider, maxOutputTokens } = call.deployment;
  const request = supportedBy(call) as ChatRequest;
  const traits = traitsOf(call.deployment);
  const refuse = refuser(call.deployment);
  const { system, messages } = toConversation(request.messages, provider);
  const limit = request.max_completion_tokens ?? request.max_tokens ?? maxOutputTokens;
  const thinking = toThinking(request, traits, { maxTokens: limit ?? DEFAULT_MAX_TOKENS, refuse });
  const form = toAnswerForm(request, traits, refuse);
  return {
    ...unmapped(request),
    model,
    max_tokens: limit ?? roomFor(budgetOf(thinking)),
    ...(system.length > 0 && { system }),
    messages,
    ...toolFields(request, { tools: toTools(request, traits, provider), form, thinking, refuse }),
    ...(thinking.thinking !== undefined && { thinking: thinking.thinking }),
    ...outputConfig(request, thinking, form),
    ...stopSequences(request, call.deployment.parameterRules?.dropUnsupported === true),
    ...metadata(request),
    ...serviceTier(request, refuse),
    ...(request.stream === true && { stream: true }),
  };
}

/** The API refuses a budget that does not fit into the limit. */
function roomFor(budget: number): number {
  return budget < DEFAULT_MAX_TOKENS ? DEFAULT_MAX_TOKENS : budget + DEFAULT_MAX_TOKENS;
}

function unmapped(request: ModelRequest): JsonObject {
  return Object.fromEntries(Object.entries(request).filter(([field, value]) => !MAPPED.has(field) && value !== null && value !== undefined));
}

type ToolParts = { readonly tools: readonly JsonObject[]; readonly form: AnswerForm; readonly thinking: Thinking; readonly refuse: Refuse };

function toolFields(request: ModelRequest, { tools, form, thinking, refuse }: ToolParts): JsonObject {
  const choice = toToolChoice(request, refuse);
  if (form.kind === 'tool') return { tools: [...tools, form.tool], tool_choice: forceAnswer(choice, tools.length > 0, isThinking(thinking)) };
  if (tools.length === 0) return {};
  return { tools, ...(choice && { tool_choice: choice }) };
}

function outputConfig({ output_config: given }: ModelRequest, { effort }: Thinking, form: AnswerForm): JsonObject {
  const config = {
    ...(effort !== undefined && { effort }),
    ...(form.kind === 'native' && { format: { type: 'json_schema', schema: form.schema } }),
    ...(given as JsonObject | null | undefined),
  };
  return Object.keys(config).length > 0 ? { output_config: config } : {};
}

/** Sequences of nothing but space are refused by the API. */
function stopSequences({ stop }: ModelRequest, mayDrop: boolean): JsonObject {
  const given = typeof stop === 'string' ? [stop] : ((stop ?? []) as readonly string[]);
  const sequences = mayDrop ? given.filter((sequence) => sequence.trim() !== '') : given;
  return sequences.length > 0 ? { stop_sequences: sequences } : {};
}

const PERSONAL = /@|^\+?[\d\s().-]{7,}$/;

/** The API asks for an opaque id here, and not for an address or a telephone number. Other metadata is the gateway's. */
function metadata({ user, metadata: given }: ModelRequest): JsonObject {
  const id = (given as JsonObject | null | undefined)?.user_id ?? user;
  return typeof id === 'string' && id !== '' && !PERSONAL.test(id) ? { metadata: { user_id: id } } : {};
}

/** https://docs.claude.com/en/api/service-tiers */
const TIERS: Readonly<Record<string, string>> = { auto: 'auto', priority: 'auto', default: 'standard_only', standard_only: 'standard_only' };

function serviceTier({ service_tier: tier }: ModelRequest, refuse: Refuse): JsonObject {
  if (tier === undefined || tier === null) return {};
  const wire = TIERS[String(tier)];
  if (wire === undefined) refuse('service_tier', `it knows ${Object.keys(TIERS).join(', ')}`);
  return wire === undefined ? {} : { service_tier: wire };
}
