import { randomUUID } from 'node:crypto';
import type { JsonObject, Mapping, ProviderCall, WireEvent } from '@sluice/core';
import { END, PieceSplitter } from './piece-splitter.ts';

/** How streams of chats and of texts are read. How an answer ended is not told. */
export const textStreams: Required<Pick<Mapping, 'framing' | 'toChunks' | 'isEnd'>> = {
  framing: (contentType, maxEventBytes) => (contentType.includes('json') ? undefined : new PieceSplitter(maxEventBytes)),
  toChunks: (call) => {
    const head = headOf(call, true);
    return (event) => [{ ...head, choices: [toChoice(event, call)] }];
  },
  isEnd: ({ event }) => event === END,
};

export function headOf({ operation, deployment: { model } }: ProviderCall, isChunk = false): JsonObject {
  const object = operation === 'chat' ? `chat.completion${isChunk ? '.chunk' : ''}` : 'text_completion';
  return { id: randomUUID(), object, created: Math.floor(Date.now() / 1000), model };
}

function toChoice({ event, data }: WireEvent, { operation }: ProviderCall): JsonObject {
  const { text = '' } = JSON.parse(data) as { readonly text?: string };
  const said = operation === 'chat' ? { delta: event === END ? {} : { content: text } } : { text };
  return { index: 0, ...said, logprobs: null, finish_reason: event === END ? 'stop' : null };
}
