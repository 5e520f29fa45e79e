import { randomUUID } from 'node:crypto';
import { GatewayError, type JsonObject, type Mapping, type ProviderCall, unsupportedParameter, knownRequest } from '@sluice/core';
import { framing } from './chat.ts';
import { type Host, toEndpoint } from './endpoint.ts';
import { errorsOf } from './to-error.ts';

type Details = { readonly finish_reason?: string };
type Answer = { readonly generated_text?: unknown; readonly details?: Details };
type Token = { readonly token?: { readonly text?: string; readonly special?: boolean }; readonly details?: Details | null };

/** Sent under their own names; those that are written anew stand before them. */
const REWRITTEN = ['prompt', 'stream', 'max_tokens', 'temperature', 'stop'];
const SAME = ['top_p', 'top_k', 'seed', 'frequency_penalty', 'repetition_penalty', 'typical_p', 'truncate', 'watermark', 'return_full_text'];
/** The details are told with the last token. */
const LAST = /"finish_reason"\s*:\s*"/;
const FINISH: Readonly<Record<string, string>> = { length: 'length', eos_token: 'stop', stop_sequence: 'stop' };

/** Text generation, as the containers of Hugging Face have it. https://huggingface.co/docs/text-generation-inference/reference/api_reference */
export function completions(host: Host): Mapping {
  return {
    toRequest(call) {
      const request = knownRequest(call, [...REWRITTEN, ...SAME]);
      const { max_tokens: limit, temperature, stop, stream } = request;
      const isStream = stream === true;
      const { url, headers } = toEndpoint(host, call.deployment, isStream);
      const parameters = {
        details: true,
        ...given(Object.fromEntries(SAME.map((name) => [name, request[name]]))),
        // Sampling at zero is refused.
        ...(temperature === 0 ? { do_sample: false } : given({ temperature })),
        ...given({ max_new_tokens: limit, stop: typeof stop === 'string' ? [stop] : stop }),
      };
      return { url: url('completions'), headers, body: JSON.stringify({ inputs: promptOf(call), parameters, ...(isStream && { stream }) }) };
    },
    framing,
    toReply(body, { deployment }) {
      const [answer] = [body].flat() as readonly Answer[];
      if (typeof answer?.generated_text !== 'string')
        throw new GatewayError('upstream_invalid_answer', "The provider's answer has no 'generated_text'", { retryable: true });
      return { ...headOf(deployment.model), choices: [choice(answer.generated_text, answer.details ?? { finish_reason: 'stop' })] };
    },
    toChunks({ deployment }) {
      const head = headOf(deployment.model);
      return ({ data }) => {
        const { token, details } = JSON.parse(data) as Token;
        return [{ ...head, choices: [choice(token?.special === true ? '' : (token?.text ?? ''), details)] }];
      };
    },
    isEnd: ({ data }) => LAST.test(data),
    toError: errorsOf(host.signer),
  };
}

function promptOf({ request, deployment }: ProviderCall): string {
  const [text, ...more] = [request.prompt].flat();
  if (typeof text === 'string' && more.length === 0) return text;
  throw unsupportedParameter('prompt', deployment.provider, 'text generation takes one prompt a call, as text');
}

function given(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

function headOf(model: string): JsonObject {
  return { id: `cmpl-${randomUUID()}`, object: 'text_completion', created: Math.floor(Date.now() / 1000), model };
}

function choice(text: string, details: Details | null | undefined): JsonObject {
  const reason = details?.finish_reason;
  return { index: 0, text, logprobs: null, finish_reason: reason === undefined ? null : (FINISH[reason] ?? reason) };
}
