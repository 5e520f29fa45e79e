import { randomUUID } from 'node:crypto';
import { estimateTokens, GatewayError, type JsonObject, type ProviderCall, readUsage, type Usage, type WireEvent } from '@sluice/core';

type Details = { readonly finish_reason?: string; readonly generated_tokens?: number; readonly input_length?: number };
type Answer = { readonly generated_text?: unknown; readonly details?: Details | null };
type Token = { readonly token?: { readonly text?: string; readonly special?: boolean }; readonly details?: Details | null };

/** The details are told with the last token. */
const LAST = /"finish_reason"\s*:\s*"/;
const FINISH: Readonly<Record<string, string>> = { length: 'length', eos_token: 'stop', stop_sequence: 'stop' };

/** @throws GatewayError `upstream_invalid_answer` where no text was generated. */
export function toReply(body: unknown, { deployment }: ProviderCall): JsonObject {
  const [answer] = [body].flat() as readonly Answer[];
  if (typeof answer?.generated_text !== 'string')
    throw new GatewayError('upstream_invalid_answer', "The provider's answer has no 'generated_text'", { retryable: true });
  return { ...headOf(deployment.model), choices: [choice(answer.generated_text, answer.details ?? { finish_reason: 'stop' })] };
}

export function toChunks({ deployment }: ProviderCall): (event: WireEvent) => readonly JsonObject[] {
  const head = headOf(deployment.model);
  return ({ data }) => {
    const { token, details } = JSON.parse(data) as Token;
    const usage = details && usageOf(details);
    const chunk = { ...head, choices: [choice(token?.special === true ? '' : (token?.text ?? ''), details)] };
    return usage ? [chunk, { ...head, choices: [], usage }] : [chunk];
  };
}

export function isLastToken({ data }: WireEvent): boolean {
  return LAST.test(data);
}

/** A stream tells both counts. A whole answer tells only what was generated: the prompt is estimated then. */
export function toUsage(reply: JsonObject, { request }: ProviderCall): Usage | undefined {
  const [first] = (reply.choices ?? []) as readonly { readonly generated_tokens?: number }[];
  const generated = first?.generated_tokens;
  return readUsage(reply) ?? (generated === undefined ? undefined : { inputTokens: estimateTokens(request), outputTokens: generated });
}

function usageOf({ input_length: input, generated_tokens: output }: Details): JsonObject | undefined {
  if (input === undefined || output === undefined) return undefined;
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function headOf(model: string): JsonObject {
  return { id: `cmpl-${randomUUID()}`, object: 'text_completion', created: Math.floor(Date.now() / 1000), model };
}

function choice(text: string, details: Details | null | undefined): JsonObject {
  const { finish_reason: reason, generated_tokens: generated, input_length: input } = details ?? {};
  return {
    index: 0,
    text,
    logprobs: null,
    finish_reason: reason === undefined ? null : (FINISH[reason] ?? reason),
    ...(generated !== undefined && input === undefined && { generated_tokens: generated }),
  };
}
