import { randomUUID } from 'node:crypto';
import type { JsonObject, ProviderCall } from '@sluice/core';
import { ANSWER_TOOL, isAnsweredByTool } from '../converse/response-format.ts';
import type { Block, ConverseResponse } from '../wire.ts';
import { besideOf, isCall, isServerBlock, toSources, toThinkingBlock } from './blocks.ts';
import { finishOf } from './finish-reason.ts';
import { toUsage } from './to-usage.ts';

/** An answer of Converse as a chat completion. */
export function toReply(body: unknown, call: ProviderCall): JsonObject {
  const response = body as ConverseResponse;
  const content = response.output?.message?.content;
  const answer = isAnsweredByTool(call) ? content?.find(({ toolUse }) => toolUse?.name === ANSWER_TOOL)?.toolUse : undefined;
  const shown = answer ? [...(content ?? []).filter(({ reasoningContent }) => reasoningContent), { text: JSON.stringify(answer.input ?? {}) }] : content;
  return {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: call.deployment.model,
    ...besideOf(response),
    ...(shown && { choices: [{ index: 0, message: toMessage(shown), logprobs: null, ...finishOf(response.stopReason, answer !== undefined) }] }),
    ...(response.usage && { usage: toUsage(response.usage) }),
  };
}

function toMessage(content: readonly Block[]): JsonObject {
  const calls = content.filter(isCall).flatMap(({ toolUse }) => (toolUse ? [toToolCall(toolUse)] : []));
  const thoughts = content.flatMap(({ reasoningContent }) => reasoningContent ?? []);
  const reasoning = thoughts.map(({ reasoningText }) => reasoningText?.text ?? '').join('');
  const kept = thoughts.flatMap((thought) => toThinkingBlock(thought) ?? []);
  const { text, sources } = readTexts(content);
  const server = content.filter(isServerBlock);
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(kept.length > 0 && { thinking_blocks: kept }),
    ...(server.length > 0 && { provider_content: server }),
    ...sources,
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function readTexts(content: readonly Block[]): { readonly text: string; readonly sources: JsonObject } {
  let text = '';
  const citations: unknown[] = [];
  const annotations: unknown[] = [];
  for (const { text: said, citationsContent } of content) {
    text += said ?? (citationsContent?.content ?? []).map((part) => part.text ?? '').join('');
    const found = toSources(citationsContent?.citations ?? [], text.length);
    citations.push(...((found.citations as unknown[] | undefined) ?? []));
    annotations.push(...((found.annotations as unknown[] | undefined) ?? []));
  }
  return { text, sources: { ...(citations.length > 0 && { citations }), ...(annotations.length > 0 && { annotations }) } };
}

function toToolCall({ toolUseId, name, input }: NonNullable<Block['toolUse']>): JsonObject {
  return { id: toolUseId, type: 'function', function: { name, arguments: JSON.stringify(input ?? {}) } };
}
