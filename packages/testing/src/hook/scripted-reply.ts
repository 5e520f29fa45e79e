import { type BytesReply, type JsonObject, LazyJson, type Reply, type StreamReply } from '@sluice/core';

/** What a call inside the hook under test answers, and what became of the answer. */
export type ScriptedReply = {
  readonly reply: Reply;
  /** Whether the reader let go of it before its end. */
  readonly wasLeft: () => boolean;
};

export const ANSWER: JsonObject = {
  id: 'chatcmpl-contract',
  object: 'chat.completion',
  created: 1,
  model: 'real-model',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Good day.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
};

const chunk = (delta: object, finish_reason: string | null = null): JsonObject => ({
  id: 'chatcmpl-contract',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'real-model',
  choices: [{ index: 0, delta, finish_reason }],
});

export const CHUNKS: readonly JsonObject[] = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Good ' }),
  chunk({ content: 'day.' }),
  chunk({}, 'stop'),
];

export const SOUND = Uint8Array.of(0, 255, 1, 254);

export function scriptedReply(kind: Reply['kind'], end?: Error): ScriptedReply {
  let isLeft = false;
  const left = (): void => {
    isLeft = true;
  };
  return { reply: toReply(kind, end, left), wasLeft: () => isLeft };
}

function toReply(kind: Reply['kind'], end: Error | undefined, left: () => void): Reply {
  switch (kind) {
    case 'complete':
      return { kind, body: LazyJson.ofValue(ANSWER) };
    case 'stream':
      return {
        kind,
        batches: scripted(
          CHUNKS.map((value) => ({ events: [LazyJson.ofValue(value)] })),
          end,
          left,
        ),
      } satisfies StreamReply;
    case 'bytes':
      return { kind, contentType: 'audio/mpeg', chunks: scripted([SOUND], end, left) } satisfies BytesReply;
  }
}

function scripted<T>(items: readonly T[], end: Error | undefined, left: () => void): AsyncIterable<T> {
  let index = 0;
  const iterator: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      const value = items[index++];
      if (value !== undefined) return { done: false, value };
      if (end) throw end;
      return { done: true, value: undefined };
    },
    async return() {
      left();
      index = items.length;
      return { done: true, value: undefined };
    },
  };
  return iterator;
}
