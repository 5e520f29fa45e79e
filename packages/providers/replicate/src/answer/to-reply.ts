import { randomUUID } from 'node:crypto';
import { type Deployment, GatewayError, type JsonObject, type ProviderCall } from '@sluice/core';
import type { Prediction } from '../prediction.ts';
import { secondsOf } from '../seconds.ts';
import { requireSuccess } from '../to-error.ts';

/**
 * What a language model has said, in the canonical shape.
 * @throws GatewayError for a prediction that failed, was canceled, or holds no text.
 */
export function toReply(prediction: Prediction, { operation, deployment }: ProviderCall): JsonObject {
  requireSuccess(prediction);
  const { id, created_at: createdAt, output } = prediction;
  const text = textIn(output);
  const isChat = operation === 'chat';
  const said = isChat ? { message: { role: 'assistant', content: text, refusal: null } } : { text };
  const usage = toWireUsage(prediction, deployment);
  return {
    id: id ?? randomUUID(),
    object: isChat ? 'chat.completion' : 'text_completion',
    created: Math.floor((createdAt === undefined ? Date.now() : Date.parse(createdAt)) / 1000),
    model: deployment.model,
    choices: [{ index: 0, ...said, logprobs: null, finish_reason: 'stop' }],
    ...(usage && { usage }),
  };
}

/** Language models answer with pieces of a text, or all of it. */
function textIn(output: unknown): string {
  const pieces = [output].flat();
  if (output !== null && output !== undefined && pieces.every((piece) => typeof piece === 'string')) return pieces.join('');
  throw new GatewayError('upstream_invalid_answer', 'The model did not answer with a text: is it a language model?');
}

/** Tokens as the model counts them. One that counts none is paid by its time, or else its tokens are estimated. */
function toWireUsage(prediction: Prediction, { price }: Deployment): JsonObject | undefined {
  const { input_token_count: input, output_token_count: output } = prediction.metrics ?? {};
  const seconds = price?.perSecond === undefined ? undefined : secondsOf(prediction);
  if (input === undefined || output === undefined) return seconds === undefined ? undefined : { seconds };
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output, ...(seconds !== undefined && { seconds }) };
}
