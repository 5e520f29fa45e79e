import { randomUUID } from 'node:crypto';
import type { JsonObject, ProviderCall, WireEvent } from '@sluice/core';
import { requireSuccess } from '../to-error.ts';

/** A fresh mapper for one stream. How an answer ended is not told, but that it did. */
export function toChunks({ operation, deployment }: ProviderCall): (event: WireEvent) => readonly JsonObject[] {
  const created = Math.floor(Date.now() / 1000);
  const isChat = operation === 'chat';
  const head = { id: randomUUID(), object: isChat ? 'chat.completion.chunk' : 'text_completion', created, model: deployment.model };
  let isFirst = true;

  return ({ event, data }) => {
    const { text = '', reason } = JSON.parse(data) as { readonly text?: string; readonly reason?: string };
    if (event === 'output') return [chunk(text, null)];
    if (event !== 'done') return [];
    if (reason !== undefined && reason !== '') requireSuccess({ status: reason });
    return [chunk('', 'stop')];
  };

  function chunk(text: string, finish: string | null): JsonObject {
    const delta = { ...(isFirst && { role: 'assistant' }), ...(finish === null && { content: text }) };
    isFirst = false;
    return { ...head, choices: [{ index: 0, ...(isChat ? { delta } : { text }), logprobs: null, finish_reason: finish }] };
  }
}
