import { BOOKKEEPING_FIELDS, type ModelRequest, type ProviderCall, unsupportedParameter } from '@sluice/core';
import { omit } from '@sluice/openai-wire';
import { withModelOptions } from './model-options.ts';
import { toAnswerFields } from './to-answer-fields.ts';

export const TEXT_LACKS = ['n', 'best_of', 'echo', 'logit_bias', 'logprobs'];

/** https://docs.ollama.com/api/generate */
export function toTextBody(request: ModelRequest, { deployment }: ProviderCall): ModelRequest {
  const { prompt, stream, ...rest } = request;
  const [only] = Array.isArray(prompt) && prompt.length === 1 ? (prompt as readonly unknown[]) : [prompt];
  if (typeof only !== 'string') throw unsupportedParameter('prompt', deployment.provider, 'it takes one text at a time');
  const known = toAnswerFields(withModelOptions(omit(rest, ...BOOKKEEPING_FIELDS)), deployment);
  return { ...known, prompt: only, stream: stream === true } as unknown as ModelRequest;
}
