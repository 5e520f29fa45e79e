import type { JsonObject, ModelRequest } from '@sluice/core';
import { piecesOf, usageOf } from './chat-wire.ts';
import type { Composed } from './compose-answer.ts';

export function textCompletion(request: ModelRequest, answer: Composed): JsonObject {
  const choices = [{ index: 0, text: answer.text, logprobs: null, finish_reason: answer.finish }];
  return { id: 'cmpl-demo', object: 'text_completion', created: Math.floor(Date.now() / 1000), model: request.model, choices, usage: usageOf(request, answer) };
}

export function textChunks(request: ModelRequest, answer: Composed): JsonObject[] {
  const chunk = (text: string, finish: string | null): JsonObject => ({
    ...textCompletion(request, { text, finish: 'stop' }),
    choices: [{ index: 0, text, logprobs: null, finish_reason: finish }],
    usage: null,
  });
  return [
    ...piecesOf(answer.text).map((piece) => chunk(piece, null)),
    chunk('', answer.finish),
    { ...chunk('', null), choices: [], usage: usageOf(request, answer) },
  ];
}
