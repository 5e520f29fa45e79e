import { expect, test } from 'vitest';
import type { Operation } from '../types/call.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import type { Price } from '../types/model.ts';
import { assumedUsage } from './assumed-usage.ts';
import { costBound } from './cost-bound.ts';
import { costOf } from './cost.ts';
import { priceBoundOf } from './price-bound.ts';

const NONE = { inputTokens: 0, outputTokens: 0 };
const byToken: Price = { input: 1e6, output: 2e6 };

const pieces: readonly [Operation, Partial<Price>, Partial<ModelRequest>, JsonObject][] = [
  ['images.generate', { perImage: 1e6 }, { prompt: 'A river', n: 2 }, { data: [{}, {}] }],
  ['images.edit', { perImage: 1e6 }, { prompt: 'A river' }, { data: [{}] }],
  ['audio.speech', { perCharacter: 1e6 }, { input: 'Down to the sea in ships' }, {}],
  ['audio.transcribe', { perSecond: 1e6 }, {}, { text: 'Down to the sea in ships' }],
  ['rerank', { perSearchUnit: 1e6 }, { query: 'rivers', documents: ['A river', { text: 'The sea' }] }, { results: [] }],
  ['ocr', { perPage: 1e6 }, { document: { type: 'document_url', document_url: 'https://x.test/a.pdf' } }, { pages: [{ markdown: '# Title' }] }],
  ['audio.translate', { perSecond: 1e6 }, {}, { text: 'Down to the sea in ships', duration: 30 }],
];

test.each(pieces)('%s is never free where its provider reports nothing, and never dearer than what was reserved', (operation, perPiece, fields, reply) => {
  const request: ModelRequest = { model: 'm', ...fields };
  for (const price of [byToken, { ...byToken, ...perPiece }, { input: 0, output: 0, ...perPiece }]) {
    const cost = costOf(assumedUsage(operation, request, price, reply) ?? NONE, price);
    expect(cost).toBeGreaterThan(0);
    const bound = priceBoundOf({ name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'm', price }] });
    expect(cost).toBeLessThanOrEqual(costBound({ operation, request }, bound, 100));
  }
});

test.each(pieces)('%s is not charged by the token as well where the piece has its price', (operation, perPiece, fields, reply) => {
  expect(assumedUsage(operation, { model: 'm', ...fields }, { ...byToken, ...perPiece }, reply)).toMatchObject({ inputTokens: 0, outputTokens: 0 });
});
