import type { JsonObject, Mapping } from '@sluice/core';
import { finishOf, headOf } from './head.ts';
import { usageOf } from './usage-of.ts';

/** https://docs.ollama.com/api/generate */
export const textAnswers: Pick<Mapping, 'toReply' | 'toChunks'> = {
  toReply(body) {
    const answer = body as JsonObject;
    if (typeof answer.response !== 'string') return answer;
    const usage = usageOf(answer);
    return { ...headOf(answer, 'text_completion', 'cmpl'), choices: [toChoice(answer, finishOf(answer))], ...(usage && { usage }) };
  },
  toChunks() {
    let head: JsonObject | undefined;
    return ({ data }) => {
      const event = JSON.parse(data) as JsonObject;
      head ??= headOf(event, 'text_completion', 'cmpl');
      const isLast = event.done === true;
      const usage = isLast ? usageOf(event) : undefined;
      return [{ ...head, choices: [toChoice(event, isLast ? finishOf(event) : null)] }, ...(usage ? [{ ...head, choices: [], usage }] : [])];
    };
  },
};

function toChoice({ response, thinking }: JsonObject, finish: string | null): JsonObject {
  return {
    index: 0,
    text: response ?? '',
    ...(typeof thinking === 'string' && thinking !== '' && { reasoning_content: thinking }),
    logprobs: null,
    finish_reason: finish,
  };
}
