import type { ModelRequest } from '../types/chat.ts';
import { tokensIn } from './estimate.ts';

const DOCUMENTS_PER_UNIT = 100;
/** Longer documents are cut into pieces that count as documents. The query stands in each piece. https://docs.cohere.com/docs/rerank-overview */
const TOKENS_PER_PIECE = 500;
/** What is left of a piece beside the longest query, as few bytes as that can be. */
const FEWEST_BYTES_PER_PIECE = 250;

/** A fair guess at the search units of a rerank request. */
export function searchUnits({ query, documents }: ModelRequest): number {
  const room = Math.max(1, TOKENS_PER_PIECE - tokensIn(query));
  return unitsOf(listOf(documents).reduce<number>((sum, document) => sum + Math.max(1, Math.ceil(tokensIn(document) / room)), 0));
}

/** No provider bills more units than these. */
export function searchUnitBound({ documents }: ModelRequest, bodyBytes: number): number {
  return unitsOf(listOf(documents).length + Math.ceil(bodyBytes / FEWEST_BYTES_PER_PIECE));
}

/** About how many tokens a reranker reads: the query again with each document. */
export function rerankTokens({ query, documents }: ModelRequest): number {
  return tokensIn(query) * listOf(documents).length + tokensIn(documents);
}

/** No reranker reads more tokens than these. */
export function rerankTokenBound({ query, documents }: ModelRequest, bodyBytes: number): number {
  return bodyBytes + Buffer.byteLength(String(query ?? '')) * listOf(documents).length;
}

function unitsOf(documents: number): number {
  return Math.max(1, Math.ceil(documents / DOCUMENTS_PER_UNIT));
}

function listOf(documents: unknown): readonly unknown[] {
  return Array.isArray(documents) ? documents : [];
}
