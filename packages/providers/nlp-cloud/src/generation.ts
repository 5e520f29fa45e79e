import { GatewayError, type JsonObject, knownRequest, type Mapping, type ModelRequest, type ProviderCall, refuser, unsupportedParameter } from '@sluice/core';
import type { Ask } from './ask.ts';
import { headOf, textStreams } from './texts.ts';

type Answer = { readonly generated_text?: unknown; readonly nb_generated_tokens?: number; readonly nb_input_tokens?: number };

const SAME = ['temperature', 'top_p', 'top_k', 'repetition_penalty', 'num_beams', 'bad_words', 'no_chat_prompt', 'remove_end_sequence'];

/** Texts by a prompt. https://docs.nlpcloud.com/#generation */
export function generation(ask: Ask): Omit<Mapping, 'toError'> {
  return {
    ...textStreams,
    toRequest(call) {
      const request = knownRequest(call, ['prompt', 'stream', 'max_tokens', 'stop', 'echo', ...SAME]);
      const same = Object.fromEntries(SAME.flatMap((name) => (request[name] === undefined || request[name] === null ? [] : [[name, request[name]]])));
      const body = {
        text: promptOf(call),
        ...toLength(request),
        ...toEnd(call),
        ...same,
        remove_input: request.echo !== true,
        ...(request.stream === true && { stream: true }),
      };
      return { ...ask(call.deployment, 'generation'), body: JSON.stringify(body) };
    },
    toReply(body, call) {
      const { generated_text: text, nb_input_tokens: input, nb_generated_tokens: output } = body as Answer;
      if (typeof text !== 'string') throw new GatewayError('upstream_invalid_answer', "The provider's answer has no 'generated_text'", { retryable: true });
      const usage = input === undefined || output === undefined ? undefined : { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
      return { ...headOf(call), choices: [{ index: 0, text, logprobs: null, finish_reason: 'stop' }], ...(usage && { usage }) };
    },
  };
}

function promptOf({ request, deployment }: ProviderCall): string {
  const [text, ...more] = [request.prompt].flat();
  if (typeof text === 'string' && more.length === 0) return text;
  throw unsupportedParameter('prompt', deployment.provider, 'text generation takes one prompt a call, as text');
}

/** Its limit counts the prompt too, unless told otherwise. */
function toLength({ max_tokens: limit }: ModelRequest): JsonObject {
  return typeof limit === 'number' ? { max_length: limit, length_no_input: true } : {};
}

function toEnd({ request: { stop }, deployment }: ProviderCall): JsonObject {
  const [text, ...more] = [stop ?? []].flat();
  if (more.length > 0) {
    refuser(deployment)('stop', 'one text can end an answer');
    return {};
  }
  return text === undefined ? {} : { end_sequence: text, remove_end_sequence: true };
}
