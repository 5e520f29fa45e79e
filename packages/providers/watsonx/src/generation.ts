import { randomUUID } from 'node:crypto';
import { GatewayError, type JsonObject, knownRequest, type Mapping, type ModelRequest, type ProviderCall, unsupportedParameter } from '@sluice/core';
import type { Endpoints } from './endpoint.ts';

type Result = {
  readonly generated_text?: string;
  readonly stop_reason?: string;
  /** Of a stream: so far. */
  readonly generated_token_count?: number;
  readonly input_token_count?: number;
};

const REWRITTEN = ['prompt', 'stream', 'max_tokens', 'temperature', 'seed', 'stop'];
const SAME = [
  'top_p',
  'top_k',
  'repetition_penalty',
  'min_new_tokens',
  'length_penalty',
  'time_limit',
  'truncate_input_tokens',
  'include_stop_sequence',
  'decoding_method',
];
const END = /"stop_reason"\s*:\s*"(?!not_finished)/i;
const FINISH: Readonly<Record<string, string>> = {
  eos_token: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  token_limit: 'length',
  time_limit: 'length',
};

/** Texts by a prompt. https://cloud.ibm.com/apidocs/watsonx-ai#text-generation */
export function generation(endpointOf: Endpoints['endpointOf']): Omit<Mapping, 'toError'> {
  return {
    toRequest(call) {
      const { url, headers, head } = endpointOf(call.deployment);
      const surface = call.request.stream === true ? 'generation_stream' : 'generation';
      const { moderations, ...request } = knownRequest(call, [...REWRITTEN, ...SAME, 'moderations']);
      const body = { ...head, input: promptOf(call), parameters: toParameters(request as ModelRequest), ...given({ moderations }) };
      return { url: url(surface), headers, body: JSON.stringify(body) };
    },
    toReply(body, { deployment }) {
      const [result] = resultsIn(body);
      if (typeof result?.generated_text !== 'string')
        throw new GatewayError('upstream_invalid_answer', "The provider's answer has no 'generated_text'", { retryable: true });
      const { input_token_count: input, generated_token_count: output } = result;
      const usage = input === undefined || output === undefined ? undefined : toUsage(input, output);
      return { ...headOf(deployment.model), choices: [choice(result)], ...(usage && { usage }) };
    },
    toChunks({ deployment }) {
      const head = headOf(deployment.model);
      let read = 0;
      return ({ data }) => {
        const [result = {}] = resultsIn(JSON.parse(data));
        read += result.input_token_count ?? 0;
        const chunk = { ...head, choices: [choice(result)] };
        if (!END.test(data) || result.generated_token_count === undefined) return [chunk];
        return [chunk, { ...head, choices: [], usage: toUsage(read, result.generated_token_count) }];
      };
    },
    isEnd: ({ data }) => END.test(data),
  };
}

function promptOf({ request, deployment }: ProviderCall): string {
  const [text, ...more] = [request.prompt].flat();
  if (typeof text === 'string' && more.length === 0) return text;
  throw unsupportedParameter('prompt', deployment.provider, 'text generation takes one prompt a call, as text');
}

/** It is greedy unless told otherwise. */
function toParameters({ max_tokens: limit, temperature, seed, stop, ...rest }: ModelRequest): JsonObject {
  const isSampled = typeof temperature === 'number' && temperature > 0;
  return given({
    ...(isSampled && { decoding_method: 'sample', temperature }),
    max_new_tokens: limit,
    random_seed: seed,
    stop_sequences: stop === undefined || stop === null ? undefined : [stop].flat(),
    ...Object.fromEntries(SAME.map((name) => [name, rest[name]]).filter(([, value]) => value !== undefined)),
  });
}

function given(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

function resultsIn(body: unknown): readonly Result[] {
  return (body as { readonly results?: readonly Result[] }).results ?? [];
}

function headOf(model: string): JsonObject {
  return { id: `cmpl-${randomUUID()}`, object: 'text_completion', created: Math.floor(Date.now() / 1000), model };
}

/** @throws GatewayError for a text that did not come to an end. */
function choice({ generated_text: text = '', stop_reason: told = 'not_finished' }: Result): JsonObject {
  const reason = told.toLowerCase();
  if (reason === 'error' || reason === 'cancelled')
    throw new GatewayError('upstream_error', `The model ended without an answer: ${reason}`, { retryable: true });
  return { index: 0, text, logprobs: null, finish_reason: reason === 'not_finished' ? null : (FINISH[reason] ?? reason) };
}

function toUsage(input: number, output: number): JsonObject {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}
