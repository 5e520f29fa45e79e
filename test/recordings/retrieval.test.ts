import type { ModelRequest } from '@sluice/core';
import { voyage } from '@sluice/provider-retrieval';
import { ask } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { recordedExchanges, recordingOf, requestOf } from '../support/recordings.ts';

type Vectors = { readonly data: readonly { readonly embedding: unknown }[] };

describe('recorded vectors and orders of Voyage', () => {
  const embeddings = recordedExchanges('voyage', 'embeddings');
  const orders = recordedExchanges('voyage', 'rerank');

  test('are there', (ctx) => {
    if (embeddings.length + orders.length === 0) ctx.skip('no recordings beside the checkout');
  });

  test.each(embeddings.map((exchange) => [exchange.id, exchange] as const))('%s', async (_, exchange) => {
    const answered = await ask({ provider: voyage({ env: {} }), operation: 'embeddings', request: requestOf(exchange), recording: recordingOf(exchange) });
    expect(answered.status, answered.text).toBe(exchange.response.status);
    if (answered.status >= 400) {
      expect(JSON.parse(answered.text)).toMatchObject({ error: { message: exchange.digest.error_message } });
      return;
    }
    expect((JSON.parse(answered.text) as Vectors).data).toEqual((exchange.response.json as Vectors).data);
    expect(answered.usage?.inputTokens).toBe(exchange.digest.usage?.total);
  });

  test.each(orders.map((exchange) => [exchange.id, exchange] as const))('%s', async (_, exchange) => {
    const { top_k: most, ...rest } = requestOf(exchange);
    const request: ModelRequest = { ...rest, model: 'm', ...(most !== undefined && most !== null && { top_n: most }) };
    const { text, sent, usage } = await ask({ provider: voyage({ env: {} }), operation: 'rerank', request, recording: recordingOf(exchange) });
    const { data } = exchange.response.json as { readonly data: readonly object[] };
    expect(JSON.parse(text)).toMatchObject({ results: data });
    expect(JSON.parse(String(sent?.body))).toMatchObject({ query: request.query, documents: request.documents });
    expect(usage?.inputTokens).toBeGreaterThan(0);
  });
});
