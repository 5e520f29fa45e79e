import type { JsonObject, Mapping } from '@sluice/core';
import { finishOf, headOf } from './head.ts';
import { toToolCalls } from './tool-calls.ts';
import { usageOf } from './usage-of.ts';

/** https://docs.ollama.com/api/chat */
export const chatAnswers: Pick<Mapping, 'toReply' | 'toChunks'> = {
  toReply(body) {
    const answer = body as JsonObject;
    const message = messageOf(answer);
    if (!message) return answer;
    const calls = toToolCalls(message.tool_calls);
    const said = { role: 'assistant', content: message.content ?? '', refusal: null, ...besides(message), ...(calls.length > 0 && { tool_calls: calls }) };
    const choice = { index: 0, message: said, logprobs: logprobsOf(answer), finish_reason: finishOf(answer, calls.length > 0) };
    const usage = usageOf(answer);
    return { ...headOf(answer, 'chat.completion', 'chatcmpl'), choices: [choice], ...(usage && { usage }) };
  },
  toChunks() {
    let head: JsonObject | undefined;
    let calls = 0;
    return ({ data }) => {
      const event = JSON.parse(data) as JsonObject;
      const isFirst = head === undefined;
      head ??= headOf(event, 'chat.completion.chunk', 'chatcmpl');
      const chunk = (delta: JsonObject, finish: string | null = null): JsonObject => ({
        ...head,
        choices: [{ index: 0, delta, logprobs: logprobsOf(event), finish_reason: finish }],
      });
      const message = messageOf(event) ?? {};
      const called = toToolCalls(message.tool_calls).map((call) => ({ index: calls++, ...call }));
      const delta = { ...(message.content ? { content: message.content } : {}), ...besides(message), ...(called.length > 0 && { tool_calls: called }) };
      const usage = event.done === true ? usageOf(event) : undefined;
      return [
        ...(isFirst ? [chunk({ role: 'assistant', content: '' })] : []),
        ...(Object.keys(delta).length > 0 ? [chunk(delta)] : []),
        ...(event.done === true ? [chunk({}, finishOf(event, calls > 0))] : []),
        ...(usage ? [{ ...head, choices: [], usage }] : []),
      ];
    };
  },
};

function messageOf({ message }: JsonObject): JsonObject | undefined {
  return message !== null && typeof message === 'object' ? (message as JsonObject) : undefined;
}

/** Thoughts, and pictures as models draw them. */
function besides({ thinking, images }: JsonObject): JsonObject {
  const drawn = Array.isArray(images) ? (images as readonly string[]) : [];
  return {
    ...(typeof thinking === 'string' && thinking !== '' && { reasoning_content: thinking }),
    ...(drawn.length > 0 && { images: drawn.map((data) => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } })) }),
  };
}

function logprobsOf({ logprobs }: JsonObject): JsonObject | null {
  return Array.isArray(logprobs) && logprobs.length > 0 ? { content: logprobs, refusal: null } : null;
}
