import { outputLimit } from '../../pricing/output-limit.ts';
import type { Filter } from './filter.ts';

/** Texts count for a quarter of their bytes; a guess may be off by so much before it counts. */
const DOUBT = 1.15;

/** What a model can hardly read is asked of another one first. */
export const contextWindow: Filter = {
  name: 'context-window',
  weight: 'guess',
  objection({ maxInputTokens }, { inputTokens }) {
    if (maxInputTokens === undefined || inputTokens <= maxInputTokens * DOUBT) return undefined;
    return `it reads ${maxInputTokens} tokens, and the request has about ${inputTokens}`;
  },
};

/** Most providers refuse a limit beyond what the model can write. */
export const maxTokens: Filter = {
  name: 'max-tokens',
  weight: 'guess',
  objection({ maxOutputTokens }, { request, operation }) {
    const asked = outputLimit(request, operation);
    if (maxOutputTokens === undefined || asked === undefined || asked <= maxOutputTokens) return undefined;
    return `it writes ${maxOutputTokens} tokens at most, and the request asks for ${asked}`;
  },
};
