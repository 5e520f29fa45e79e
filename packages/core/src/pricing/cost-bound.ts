import type { Operation, Usage } from '../types/call.ts';
import type { ModelRequest } from '../types/chat.ts';
import { TOKENS_PER_IMAGE } from './assumed-usage.ts';
import { costOf } from './cost.ts';
import { inputTokenBound } from './input-bound.ts';
import { maxOutputTokens } from './output-limit.ts';
import type { PriceBound } from './price-bound.ts';

/** A call, as far as its cost can be known before it is made. */
export type PlannedCall = { readonly operation: Operation; readonly request: ModelRequest; readonly received?: Uint8Array | undefined };

/** What transcription models take in one file at most. */
const ASSUMED_SECONDS = 1500;
/** No model counts more tokens for a second of sound, or fits fewer characters of speech into one. */
const MOST_TOKENS_A_SECOND = 32;
const FEWEST_CHARACTERS_A_SECOND = 8;

/**
 * What a call may cost at most, in nano-dollars. Strict where the caller limits the output; where nobody does,
 * it assumes `assumedOutputTokens`.
 */
export function costBound(call: PlannedCall, bound: PriceBound, assumedOutputTokens: number): number {
  return costOf(usageBound(call, bound, assumedOutputTokens), bound.price);
}

function usageBound({ operation, request, received }: PlannedCall, bound: PriceBound, assumedOutputTokens: number): Usage {
  const inputTokens = Math.min(inputTokenBound(request, received?.length), bound.maxInputTokens ?? Infinity);
  switch (operation) {
    case 'images.generate':
    case 'images.edit': {
      const images = typeof request.n === 'number' ? request.n : Number(request.n ?? 1);
      return { inputTokens, outputTokens: images * TOKENS_PER_IMAGE, images };
    }
    case 'audio.speech': {
      const characters = typeof request.input === 'string' ? request.input.length : 0;
      return { inputTokens, outputTokens: Math.ceil((characters / FEWEST_CHARACTERS_A_SECOND) * MOST_TOKENS_A_SECOND), characters };
    }
    case 'audio.transcribe':
    case 'audio.translate':
      return {
        inputTokens: Math.min(inputTokens + ASSUMED_SECONDS * MOST_TOKENS_A_SECOND, bound.maxInputTokens ?? Infinity),
        outputTokens: assumedOutputTokens,
        seconds: ASSUMED_SECONDS,
      };
    default:
      return { inputTokens, outputTokens: maxOutputTokens(operation, request, bound.maxOutputTokens ?? assumedOutputTokens) };
  }
}
