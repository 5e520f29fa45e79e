import type { JsonObject, ProviderCall } from '@sluice/core';
import { ANSWER_TOOL } from '../request/response-format.ts';
import { isAnsweredByTool } from './answered-by-tool.ts';
import { type AnswerBlock, callerOf, isServerBlock, toSources, toThinkingBlock } from './blocks.ts';
import { besideFinish, finishOf } from './finish-reason.ts';
import { tierOf, toUsage } from './to-usage.ts';

type Message = {
  readonly id: string;
  readonly model: string;
  readonly content: readonly AnswerBlock[];
  readonly stop_reason?: string | null;
  readonly usage?: JsonObject;
  readonly [field: string]: unknown;
};

/** An answer of Messages as a chat completion. */
export function toReply(body: unknown, call: ProviderCall): JsonObject {
  const answered = body as Message;
  const { id, model, content, stop_reason: stopReason, usage = {} } = answered;
  const answer = isAnsweredByTool(call) ? content.find(({ type, name }) => type === 'tool_use' && name === ANSWER_TOOL) : undefined;
  const message = toMessage(
    answer ? [...content.filter((block) => isThought(block) || isServerBlock(block)), { type: 'text', text: JSON.stringify(answer.input) }] : content,
  );
  return {
    id,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model,
    ...tierOf(usage),
    choices: [{ index: 0, message, logprobs: null, ...finishOf(stopReason, answer !== undefined), ...besideFinish(answered) }],
    usage: toUsage(usage),
  };
}

function toMessage(content: readonly AnswerBlock[]): JsonObject {
  const thoughts = content.filter(isThought);
  const calls = content.filter(({ type }) => type === 'tool_use');
  const server = content.filter(isServerBlock);
  const reasoning = thoughts.map(({ thinking }) => thinking ?? '').join('');
  const text = content.map(textOf).join('');
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(thoughts.length > 0 && { thinking_blocks: thoughts.map(toThinkingBlock) }),
    ...(server.length > 0 && { provider_content: server }),
    ...sourcesIn(content),
    ...(calls.length > 0 && { tool_calls: calls.map(toToolCall) }),
  };
}

function sourcesIn(content: readonly AnswerBlock[]): JsonObject {
  let end = 0;
  const found = content.map((block) => {
    const start = end;
    end += textOf(block).length;
    return toSources(block.citations ?? [], { start, end });
  });
  const all = (field: string): unknown[] => found.flatMap((sources) => (sources[field] as unknown[] | undefined) ?? []);
  const citations = all('citations');
  const annotations = all('annotations');
  return { ...(citations.length > 0 && { citations }), ...(annotations.length > 0 && { annotations }) };
}

function toToolCall(block: AnswerBlock): JsonObject {
  const { id, name, input } = block;
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input ?? {}) }, ...callerOf(block) };
}

function isThought({ type }: AnswerBlock): boolean {
  return type === 'thinking' || type === 'redacted_thinking';
}

function textOf({ type, text }: AnswerBlock): string {
  return type === 'text' ? (text ?? '') : '';
}
