import { type ModelRequest, type ProviderCall, supportedRequest } from '@sluice/core';
import { traitsOf } from '../model-traits.ts';

/** OpenAI's parameters that Messages has no equal for. */
const UNSUPPORTED = [
  'n',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'modalities',
  'audio',
  'prediction',
  'verbosity',
  'store',
  'moderation',
  'functions',
  'function_call',
];
const SAMPLING = ['temperature', 'top_p', 'top_k'];

/** The request as far as the model behind it can honour it, after the deployment's rules. */
export function supportedBy(call: ProviderCall): ModelRequest {
  const { hasSampling, thinking } = traitsOf(call.deployment);
  const asksToThink = call.request.reasoning_effort !== 'none';
  return supportedRequest(call, [...UNSUPPORTED, ...(hasSampling ? [] : SAMPLING), ...(thinking === 'none' && asksToThink ? ['reasoning_effort'] : [])]);
}
