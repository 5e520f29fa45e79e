import type { JsonObject, ModelRequest } from '@sluice/core';
import { countTokens } from './compose-answer.ts';
import { textOf } from './scripted-answer.ts';

const DOCUMENTS_PER_UNIT = 100;

/** Documents by the share of the query's words that they hold; of equals the first goes first. */
export function rerank({ query, documents, top_n: topN, return_documents: returns }: ModelRequest): JsonObject {
  const texts = (documents as readonly unknown[]).map(textOf);
  const wanted = wordsOf(String(query));
  const scored = texts.map((text, index) => {
    const words = wordsOf(text);
    const share = [...wanted].filter((word) => words.has(word)).length / Math.max(1, wanted.size);
    return { index, relevance_score: Math.round(share * 1e6) / 1e6, ...(returns === true && { document: { text } }) };
  });
  const results = scored.sort((a, b) => b.relevance_score - a.relevance_score || a.index - b.index);
  return {
    id: 'rerank-demo',
    results: typeof topN === 'number' ? results.slice(0, topN) : results,
    meta: { api_version: { version: '2' }, billed_units: { search_units: Math.ceil(texts.length / DOCUMENTS_PER_UNIT) } },
  };
}

/** One page for each that was asked for. */
export function readPages({ model, pages }: ModelRequest): JsonObject {
  const asked = Array.isArray(pages) && pages.length > 0 ? (pages as readonly number[]) : [0];
  const markdown = '# Demo\n\nThe demo provider does not read documents: no model was asked, and no network was used.';
  return {
    pages: asked.map((index) => ({ index, markdown, images: [], dimensions: { dpi: 200, height: 2200, width: 1700 } })),
    model,
    document_annotation: null,
    usage_info: { pages_processed: asked.length, doc_size_bytes: null },
  };
}

export function tokenCount({ messages, prompt, system, tools }: ModelRequest): JsonObject {
  const texts = [messages, prompt, system].map(textOf).filter(Boolean);
  return { input_tokens: Math.max(1, countTokens(texts.join('\n') + (tools === undefined ? '' : JSON.stringify(tools)))) };
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}
