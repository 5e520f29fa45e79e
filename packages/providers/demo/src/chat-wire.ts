import type { JsonObject, ModelRequest } from '@sluice/core';
import { type Composed, countTokens } from './compose-answer.ts';
import { textOf } from './scripted-answer.ts';

/** Each word with the space before it: about the size of a token. */
const PIECES = /\s*\S+|\s+$/g;

/** The answer as one chat completion. */
export function toCompletion(request: ModelRequest, { text, reasoning, toolCalls, finish }: Composed): JsonObject {
  const message = {
    role: 'assistant',
    content: toolCalls ? null : text,
    refusal: null,
    ...(reasoning !== undefined && { reasoning_content: reasoning }),
    ...(toolCalls && { tool_calls: toolCalls.map((call, index) => ({ id: `call_demo_${index}`, type: 'function', function: call })) }),
  };
  return {
    ...envelope(request.model, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finish }],
    usage: usageOf(request, { text, reasoning, toolCalls }),
  };
}

/** The answer as the chunks of a stream, a word each, with the usage at the end. */
export function toChunks(request: ModelRequest, { text, reasoning, toolCalls, finish }: Composed): JsonObject[] {
  const chunk = (delta: JsonObject, finishReason: string | null = null): JsonObject => ({
    ...envelope(request.model, 'chat.completion.chunk'),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  });
  return [
    chunk({ role: 'assistant', content: '' }),
    ...piecesOf(reasoning ?? '').map((piece) => chunk({ reasoning_content: piece })),
    ...piecesOf(text).map((piece) => chunk({ content: piece })),
    ...(toolCalls ?? []).flatMap(({ name, arguments: given }, index) => [
      chunk({ tool_calls: [{ index, id: `call_demo_${index}`, type: 'function', function: { name, arguments: '' } }] }),
      ...piecesOf(given).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]),
    chunk({}, finish),
    { ...envelope(request.model, 'chat.completion.chunk'), choices: [], usage: usageOf(request, { text, reasoning, toolCalls }) },
  ];
}

export function piecesOf(text: string): string[] {
  return text.match(PIECES) ?? [];
}

export function usageOf(
  { messages, input, prompt }: ModelRequest,
  { text, reasoning = '', toolCalls = [] }: Pick<Composed, 'text' | 'reasoning' | 'toolCalls'>,
): JsonObject {
  const promptTokens = Math.max(1, countTokens(textOf(messages ?? input ?? prompt)));
  const reasoningTokens = countTokens(reasoning);
  const completionTokens = countTokens(text) + reasoningTokens + countTokens(toolCalls.map((call) => call.name + call.arguments).join(''));
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoningTokens, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  };
}

function envelope(model: string, object: string): JsonObject {
  return { id: 'chatcmpl-demo', object, created: Math.floor(Date.now() / 1000), model, service_tier: 'default' };
}
