import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@sluice/core';
import type { Content, GenerateResult } from '../specification.ts';
import { finishOf, isOwnCall, toExtras, toThinkingBlock, toUsage, withMetadata } from './answer.ts';

/** What a model has generated, as a chat completion. */
export function toReply(result: GenerateResult, model: string): JsonObject {
  const { content, finishReason, response = {}, usage, warnings, providerMetadata } = result;
  const reported = toUsage(usage);
  return {
    id: response.id ?? `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor((response.timestamp?.getTime() ?? Date.now()) / 1000),
    model: response.modelId ?? model,
    choices: [{ index: 0, message: toMessage(result), logprobs: null, ...finishOf(finishReason, content.some(isOwnCall)) }],
    ...(reported && { usage: reported }),
    ...withMetadata(providerMetadata),
    ...(warnings.length > 0 && { warnings }),
  };
}

function toMessage({ content, structuredOutputText }: GenerateResult): JsonObject {
  const calls = content.filter(isOwnCall);
  const thoughts = content.filter(({ type }) => type === 'reasoning');
  const reasoning = thoughts.map(({ text }) => text ?? '').join('');
  const text = structuredOutputText ?? content.map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join('');
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(thoughts.length > 0 && { thinking_blocks: thoughts.map((thought) => toThinkingBlock(thought.text ?? '', thought.providerMetadata)) }),
    ...extrasIn(content.filter((part) => part.type !== 'text' && part.type !== 'reasoning' && !isOwnCall(part))),
    ...(calls.length > 0 && { tool_calls: calls.map(toToolCall) }),
  };
}

function extrasIn(content: readonly Content[]): JsonObject {
  const extras = content.map(toExtras);
  const images = extras.flatMap(({ image }) => image ?? []);
  const annotations = extras.flatMap(({ annotation }) => annotation ?? []);
  const others = extras.flatMap(({ other }) => other ?? []);
  return { ...(images.length > 0 && { images }), ...(annotations.length > 0 && { annotations }), ...(others.length > 0 && { provider_content: others }) };
}

function toToolCall({ toolCallId, toolName, input = '', providerMetadata }: Content): JsonObject {
  return { id: toolCallId, type: 'function', function: { name: toolName, arguments: input === '' ? '{}' : input }, ...withMetadata(providerMetadata) };
}
