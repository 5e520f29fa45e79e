import { rerankTokens, searchUnits } from '../pricing/search-units.ts';
import { isFileOperation } from '../pipeline/operations.ts';
import type { Operation } from '../types/call.ts';
import type { Usage } from '../types/usage.ts';
import type { JsonObject } from '../types/json.ts';
import type { ProviderCall } from './provider.ts';
import { readUsage } from './wire-usage.ts';

type UsageReader = (reply: JsonObject, call: ProviderCall) => Usage | undefined;

/** How usage is reported in the canonical answer of an operation. */
export function usageReaderOf(operation: Operation): UsageReader {
  switch (operation) {
    case 'rerank':
      return readRerankUsage;
    case 'ocr':
      return readOcrUsage;
    default:
      return isFileOperation(operation) ? () => undefined : readUsage;
  }
}

/**
 * As Cohere reports it (`meta.billed_units`, `meta.tokens`) and as others do (`usage.total_tokens`). Of units and tokens
 * a host reports one; where the other has a price it is told from the request.
 */
export function readRerankUsage(reply: JsonObject, { request, deployment: { price } }: ProviderCall): Usage | undefined {
  const { billed_units: billed, tokens: counted } = objectIn(reply.meta);
  const units = countOf(objectIn(billed).search_units);
  const tokens = countOf(objectIn(reply.usage).total_tokens) ?? countOf(objectIn(counted).input_tokens) ?? countOf(objectIn(billed).total_tokens);
  if (units === undefined && tokens === undefined) return undefined;
  const searched = units ?? (price?.perSearchUnit ? searchUnits(request) : undefined);
  return { inputTokens: tokens ?? (price?.input ? rerankTokens(request) : 0), outputTokens: 0, ...(searched !== undefined && { searchUnits: searched }) };
}

/** As Mistral reports it: `usage_info.pages_processed`. */
export function readOcrUsage(reply: JsonObject): Usage | undefined {
  const { pages_processed: processed, pages_processed_annotation: annotated } = objectIn(reply.usage_info);
  const pages = countOf(processed);
  if (pages === undefined) return undefined;
  const annotatedPages = countOf(annotated);
  const { inputTokens, outputTokens } = readUsage(reply) ?? { inputTokens: 0, outputTokens: 0 };
  return { inputTokens, outputTokens, pages, ...(annotatedPages !== undefined && { annotatedPages }) };
}

function objectIn(value: unknown): JsonObject {
  return value !== null && typeof value === 'object' ? (value as JsonObject) : {};
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined;
}
