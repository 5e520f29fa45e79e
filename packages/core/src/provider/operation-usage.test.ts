import { describe, expect, test } from 'vitest';
import type { Price } from '../types/model.ts';
import { readOcrUsage, readRerankUsage } from './operation-usage.ts';
import type { ProviderCall } from './provider.ts';

const request = { model: 'm', query: 'four words of query', documents: ['one', 'two'] };
const callAt = (price?: Price): ProviderCall => ({
  operation: 'rerank',
  request,
  deployment: { id: 'd', provider: 'p', model: 'm', ...(price && { price }) },
});

describe('the usage of a reranker', () => {
  test('is what it bills', () => {
    const reply = { results: [], meta: { billed_units: { search_units: 3 }, tokens: { input_tokens: 40 } } };
    expect(readRerankUsage(reply, callAt())).toEqual({ inputTokens: 40, outputTokens: 0, searchUnits: 3 });
    expect(readRerankUsage({ results: [], usage: { total_tokens: 17 } }, callAt())).toEqual({ inputTokens: 17, outputTokens: 0 });
  });

  test('is never free because it is counted in what has no price', () => {
    const byUnit = { input: 0, output: 0, perSearchUnit: 1 };
    expect(readRerankUsage({ usage: { total_tokens: 17 } }, callAt(byUnit))).toEqual({ inputTokens: 17, outputTokens: 0, searchUnits: 1 });
    const usage = readRerankUsage({ meta: { billed_units: { search_units: 1 } } }, callAt({ input: 1, output: 0 }));
    expect(usage?.inputTokens).toBeGreaterThan(0);
  });

  test.each([{}, { meta: null }, { meta: { billed_units: { search_units: -1 } } }, { usage: { total_tokens: '17' } }])('%j tells of none', (reply) => {
    expect(readRerankUsage(reply, callAt())).toBeUndefined();
  });
});

test('the usage of OCR is its pages', () => {
  expect(readOcrUsage({ pages: [], usage_info: { pages_processed: 2, pages_processed_annotation: 1 } })).toEqual({
    inputTokens: 0,
    outputTokens: 0,
    pages: 2,
    annotatedPages: 1,
  });
  expect(readOcrUsage({ pages: [] })).toBeUndefined();
});
