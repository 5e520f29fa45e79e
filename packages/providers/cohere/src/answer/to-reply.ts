import { randomUUID } from 'node:crypto';
import type { JsonObject, ProviderCall } from '@sluice/core';
import type { ChatResponse, Content, ToolCall } from '../wire.ts';
import { toFinishReason } from './finish-reason.ts';
import { toLogprobs } from './to-logprobs.ts';
import { toWireUsage } from './usage.ts';

/** A whole answer in the canonical shape. */
export function toReply({ id, message, finish_reason: reason, usage: told, logprobs }: ChatResponse, { deployment }: ProviderCall): JsonObject {
  const usage = toWireUsage(told);
  const choices = message && [
    {
      index: 0,
      message: toMessage(message),
      logprobs: logprobs ? toLogprobs(logprobs) : null,
      finish_reason: toFinishReason(reason ?? 'COMPLETE', undefined),
      native_finish_reason: reason,
    },
  ];
  return {
    id: id ?? randomUUID(),
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: deployment.model,
    ...(choices && { choices }),
    ...(usage && { usage }),
  };
}

/** What a model plans before it calls tools is reasoning, and stays under its own name too, so that it can be sent back. */
function toMessage({ content = [], tool_plan: plan, tool_calls: calls = [], citations = [] }: NonNullable<ChatResponse['message']>): JsonObject {
  const text = join(content, 'text');
  const thoughts = join(content, 'thinking') ?? plan;
  return {
    role: 'assistant',
    content: text ?? null,
    refusal: null,
    ...(thoughts ? { reasoning_content: thoughts } : {}),
    ...(plan ? { tool_plan: plan } : {}),
    ...(calls.length > 0 && { tool_calls: calls.map(toToolCall) }),
    ...(citations.length > 0 && { citations }),
  };
}

function join(content: readonly Content[], field: 'text' | 'thinking'): string | undefined {
  const texts = content.flatMap((part) => part[field] ?? []);
  return texts.length > 0 ? texts.join('') : undefined;
}

function toToolCall({ id, function: called }: ToolCall): JsonObject {
  return { id, type: 'function', function: { name: called?.name, arguments: argumentsOf(called?.arguments) } };
}

/** Calls without arguments come with nothing, or with JSON's word for it. */
export function argumentsOf(text: string | null | undefined): string {
  return !text || text === 'null' ? '{}' : text;
}
