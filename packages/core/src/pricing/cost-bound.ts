import type { Operation } from '../types/call.ts';
import type { Usage } from '../types/usage.ts';
import type { ModelRequest } from '../types/chat.ts';
import { asksForSearch } from './asks-for-search.ts';
import { TOKENS_PER_IMAGE } from './assumed-usage.ts';
import { costOf } from './cost.ts';
import { inputTokenBound } from './input-bound.ts';
import { maxOutputTokens } from './output-limit.ts';
import type { PriceBound } from './price-bound.ts';
import { rerankTokenBound, searchUnitBound } from './search-units.ts';

/** A call, as far as its cost can be known before it is made. */
export type PlannedCall = { readonly operation: Operation; readonly request: ModelRequest; readonly received?: Uint8Array | undefined };

/** What transcription models take in one file at most. */
const ASSUMED_SECONDS = 1500;
/** What OCR models take in one document at most. https://docs.mistral.ai/capabilities/document_ai */
const MOST_PAGES = 1000;
/** No model counts more tokens for a second of sound, or fits fewer characters of speech into one. */
const MOST_TOKENS_A_SECOND = 32;
const FEWEST_CHARACTERS_A_SECOND = 8;
/** What models are seen to search for one answer at most, where nothing limits them. */
const ASSUMED_SEARCHES = 10;

/**
 * What a call may cost at most, in nano-dollars. Strict where the caller limits the output; where nobody does,
 * it assumes `assumedOutputTokens`.
 */
export function costBound(call: PlannedCall, bound: PriceBound, assumedOutputTokens: number): number {
  return costOf(usageBound(call, bound, assumedOutputTokens), bound.price);
}

function usageBound({ operation, request, received }: PlannedCall, bound: PriceBound, assumedOutputTokens: number): Usage {
  const inputBound = inputTokenBound(request, received?.length);
  const inputTokens = Math.min(inputBound, bound.maxInputTokens ?? Infinity);
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
    // The limit of a reranker is to one document.
    case 'rerank':
      return { inputTokens: rerankTokenBound(request, inputBound), outputTokens: 0, searchUnits: searchUnitBound(request, inputBound) };
    case 'ocr': {
      const pages = Array.isArray(request.pages) ? request.pages.length : MOST_PAGES;
      return { inputTokens, outputTokens: assumedOutputTokens * pages, pages, annotatedPages: pages };
    }
    default:
      return {
        inputTokens,
        outputTokens: maxOutputTokens(operation, request, bound.maxOutputTokens ?? assumedOutputTokens),
        // A search without a price of its own is no part of the bound, and an answer may come to bring one unasked.
        ...(bound.price.perWebSearch && asksForSearch(request) && { webSearches: ASSUMED_SEARCHES }),
      };
  }
}
