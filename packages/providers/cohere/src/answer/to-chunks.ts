import { randomUUID } from 'node:crypto';
import type { JsonObject, ProviderCall, WireEvent } from '@sluice/core';
import type { ChatEvent, LogprobItem } from '../wire.ts';
import { toFinishReason } from './finish-reason.ts';
import { toLogprobs } from './to-logprobs.ts';
import { toWireUsage } from './usage.ts';

type Chunk = { readonly delta: JsonObject; readonly finish?: string; readonly logprobs?: LogprobItem | undefined; readonly beside?: JsonObject };

/** A fresh mapper for one stream. https://docs.cohere.com/v2/docs/streaming */
export function toChunks({ deployment }: ProviderCall): (event: WireEvent) => readonly JsonObject[] {
  const created = Math.floor(Date.now() / 1000);
  let id: string | undefined;
  /** Where each tool call stands among the tool calls, by Cohere's count, and whether any of its arguments have come. */
  const calls = new Map<number, { readonly position: number; hasArguments: boolean }>();

  return ({ data }) => {
    const event = JSON.parse(data) as ChatEvent;
    id ??= event.id ?? randomUUID();
    return event.type === 'message-end' ? end(event) : read(event).map(toChunk);
  };

  function read({ type, index = 0, delta, logprobs }: ChatEvent): readonly Chunk[] {
    const { content, tool_plan: plan, citations } = delta?.message ?? {};
    switch (type) {
      case 'message-start':
        return [{ delta: { role: 'assistant', content: '' } }];
      case 'content-start':
      case 'content-delta':
        return [
          ...(content?.thinking ? [{ delta: { reasoning_content: content.thinking } }] : []),
          ...(content?.text ? [{ delta: { content: content.text }, logprobs }] : []),
        ];
      case 'tool-plan-delta':
        return plan ? [{ delta: { reasoning_content: plan, tool_plan: plan } }] : [];
      case 'citation-start':
        return citations ? [{ delta: { citations: [citations] } }] : [];
      case 'tool-call-start':
      case 'tool-call-delta':
      case 'tool-call-end':
        return readCall(type, index, delta);
      default:
        return [];
    }
  }

  function readCall(type: string, index: number, delta: ChatEvent['delta']): readonly Chunk[] {
    const { id: callId, function: called } = delta?.message?.tool_calls ?? {};
    const given = called?.arguments ?? '';
    if (type === 'tool-call-start') {
      const position = calls.size;
      calls.set(index, { position, hasArguments: given !== '' });
      return [{ delta: { tool_calls: [{ index: position, id: callId, type: 'function', function: { name: called?.name, arguments: given } }] } }];
    }
    const call = calls.get(index);
    if (!call) return [];
    const text = type === 'tool-call-end' && !call.hasArguments ? '{}' : given;
    if (text !== '') call.hasArguments = true;
    return text === '' ? [] : [{ delta: { tool_calls: [{ index: call.position, function: { arguments: text } }] } }];
  }

  function end({ delta }: ChatEvent): readonly JsonObject[] {
    const reason = delta?.finish_reason ?? 'ERROR';
    const finish = toFinishReason(reason, delta?.error);
    const usage = toWireUsage(delta?.usage);
    return [toChunk({ delta: {}, finish, beside: { native_finish_reason: reason } }), ...(usage ? [{ ...head(), choices: [], usage }] : [])];
  }

  function toChunk({ delta, finish, logprobs, beside }: Chunk): JsonObject {
    const choice = { index: 0, delta, ...(logprobs && { logprobs: toLogprobs([logprobs]) }), finish_reason: finish ?? null, ...beside };
    return { ...head(), choices: [choice] };
  }

  function head(): JsonObject {
    return { id, object: 'chat.completion.chunk', created, model: deployment.model };
  }
}
