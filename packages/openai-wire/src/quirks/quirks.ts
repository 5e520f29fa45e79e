import { byteVectors } from './byte-vectors.ts';
import { contentParts } from './content-parts.ts';
import { cumulativeMessage } from './cumulative-message.ts';
import { finishWords } from './finish-words.ts';
import { looseToolCalls } from './loose-tool-calls.ts';
import type { Quirk } from './quirk.ts';
import { maximumTokens, maxTokensOnly, noStreamOptions } from './request-fields.ts';
import { searchesEachCall, thoughtsInTotal, usageBesideChoices, xGroqUsage } from './usage.ts';

/** Every quirk there is, by the name presets use. Where a host has several they apply in this order. */
export const QUIRKS = {
  'no-stream-options': noStreamOptions,
  'max-tokens-only': maxTokensOnly,
  'maximum-tokens': maximumTokens,
  'content-parts': contentParts,
  'loose-tool-calls': looseToolCalls,
  'finish-words': finishWords,
  'cumulative-message': cumulativeMessage,
  'x-groq-usage': xGroqUsage,
  'usage-beside-choices': usageBesideChoices,
  'thoughts-in-total': thoughtsInTotal,
  'searches-each-call': searchesEachCall,
  'byte-vectors': byteVectors,
} as const satisfies Record<string, Quirk>;

export type QuirkName = keyof typeof QUIRKS;
