import type { Mapping, ProviderCall, WireRequest } from '@sluice/core';
import { isLastToken, toChunks, toReply, toUsage } from './answers.ts';
import { type GenerateBody, toGenerateBody } from './parameters.ts';

/** All of a mapping but its errors, which tell who was asked. */
export type TextGeneration = Required<Pick<Mapping, 'toRequest' | 'toReply' | 'toChunks' | 'toUsage' | 'isEnd'>>;

/**
 * Completions by the text generation of Hugging Face's servers, of which many others have taken the form. `send` says
 * where a body goes. What such a server has no word for is refused.
 *
 * https://huggingface.github.io/text-generation-inference/
 */
export function textGeneration(send: (body: GenerateBody, call: ProviderCall) => WireRequest): TextGeneration {
  return {
    toRequest: (call) => send(toGenerateBody(call), call),
    toReply,
    toChunks,
    toUsage,
    isEnd: isLastToken,
  };
}
