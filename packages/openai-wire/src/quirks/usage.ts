import type { JsonObject } from '@sluice/core';
import { omit, type Quirk } from './quirk.ts';

/** Usage that stands beside the last delta: a chunk of its own, as OpenAI's callers expect it. */
export const usageBesideChoices: Quirk = {
  chunks: {
    concerns: /"usage"\s*:\s*\{/,
    mapper: () => (chunk) => {
      const { usage, choices } = chunk;
      if (!isReport(usage) || !Array.isArray(choices) || choices.length === 0) return [chunk];
      return [omit(chunk, 'usage'), { ...chunk, choices: [] }];
    },
  },
};

/** Usage under `x_groq`, where newer models repeat it in its proper place. https://console.groq.com/docs/api-reference */
export const xGroqUsage: Quirk = {
  chunks: {
    concerns: /"x_groq"\s*:\s*\{/,
    mapper: () => (chunk) => {
      const usage = (chunk.x_groq as JsonObject | null | undefined)?.usage;
      return [isReport(usage) && !isReport(chunk.usage) ? { ...chunk, usage } : chunk];
    },
  },
};

/** Thoughts are paid for as output and counted in the total alone. https://ai.google.dev/gemini-api/docs/openai */
export const thoughtsInTotal: Quirk = {
  toUsage(usage, { total_tokens: total }) {
    const thoughts = typeof total === 'number' ? total - usage.inputTokens - usage.outputTokens : 0;
    return thoughts > 0 ? { ...usage, outputTokens: usage.outputTokens + thoughts, reasoningTokens: thoughts } : usage;
  },
};

/** Perplexity's models search for every answer, and older ones do not say so. https://docs.perplexity.ai/getting-started/pricing */
export const searchesEachCall: Quirk = {
  toUsage: (usage) => (usage.webSearches === undefined ? { ...usage, webSearches: 1 } : usage),
};

function isReport(usage: unknown): boolean {
  return usage !== null && typeof usage === 'object';
}
