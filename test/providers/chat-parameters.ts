import type { JsonObject } from '@sluice/core';

/** A parameter of OpenAI's chat, with a value that asks for something, and what has to stand beside it. */
export type ParameterCase = { readonly name: string; readonly value: unknown; readonly beside?: JsonObject };

const tool = {
  type: 'function',
  function: { name: 'weather', description: 'The weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const legacy = { name: 'weather', parameters: schema };

export const BASE: JsonObject = { model: 'm', messages: [{ role: 'user', content: 'What is the weather in Rome?' }] };

/** Every parameter of CreateChatCompletionRequest, some with more than one value. */
export const PARAMETERS: readonly ParameterCase[] = [
  { name: 'messages', value: [{ role: 'user', content: 'Something else' }] },
  { name: 'stream', value: true },
  { name: 'stream_options', value: { include_usage: true }, beside: { stream: true } },
  { name: 'temperature', value: 0.25 },
  { name: 'top_p', value: 0.75 },
  { name: 'n', value: 2 },
  { name: 'stop', value: ['END'] },
  { name: 'stop', value: 'END' },
  { name: 'seed', value: 7 },
  { name: 'max_tokens', value: 77 },
  { name: 'max_completion_tokens', value: 78 },
  { name: 'frequency_penalty', value: 0.5 },
  { name: 'presence_penalty', value: 0.5 },
  { name: 'logit_bias', value: { '50256': -100 } },
  { name: 'logprobs', value: true },
  { name: 'top_logprobs', value: 3, beside: { logprobs: true } },
  { name: 'user', value: 'u-1' },
  { name: 'safety_identifier', value: 's-1' },
  { name: 'prompt_cache_key', value: 'k-1' },
  { name: 'prompt_cache_retention', value: '24h' },
  { name: 'prompt_cache_options', value: { ttl: '30m' } },
  { name: 'metadata', value: { trace: 't-1' } },
  { name: 'store', value: true },
  { name: 'moderation', value: { model: 'omni-moderation-latest' } },
  { name: 'service_tier', value: 'priority' },
  { name: 'service_tier', value: 'flex' },
  { name: 'verbosity', value: 'low' },
  { name: 'reasoning_effort', value: 'low' },
  { name: 'reasoning_effort', value: 'high' },
  { name: 'modalities', value: ['text', 'audio'] },
  { name: 'audio', value: { voice: 'alloy', format: 'wav' }, beside: { modalities: ['text', 'audio'] } },
  { name: 'prediction', value: { type: 'content', content: 'It is sunny' } },
  { name: 'web_search_options', value: { search_context_size: 'low' } },
  { name: 'response_format', value: { type: 'json_object' } },
  { name: 'response_format', value: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } } },
  { name: 'tools', value: [tool] },
  { name: 'tools', value: [{ type: 'custom', custom: { name: 'free', format: { type: 'text' } } }] },
  { name: 'tools', value: [{ type: 'custom', custom: { name: 'free', format: { type: 'grammar', grammar: { syntax: 'regex', definition: '.+' } } } }] },
  { name: 'tool_choice', value: 'required', beside: { tools: [tool] } },
  { name: 'tool_choice', value: 'none', beside: { tools: [tool] } },
  { name: 'tool_choice', value: { type: 'function', function: { name: 'weather' } }, beside: { tools: [tool] } },
  {
    name: 'tool_choice',
    value: { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'weather' } }] } },
    beside: { tools: [tool] },
  },
  { name: 'parallel_tool_calls', value: false, beside: { tools: [tool] } },
  { name: 'functions', value: [legacy] },
  { name: 'function_call', value: { name: 'weather' }, beside: { functions: [legacy] } },
];
