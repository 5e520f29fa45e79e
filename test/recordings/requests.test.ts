import { readdirSync } from 'node:fs';
import { createGateway, LazyJson, type Operation } from '@sluice/core';
import { expect, test } from 'vitest';
import { recordedExchanges } from '../support/recordings.ts';
import { sharedPath } from '../support/shared.ts';

const PATHS: Readonly<Partial<Record<Operation, string>>> = {
  chat: '/chat/completions',
  completions: '/completions',
  embeddings: '/embeddings',
  moderations: '/moderations',
  'images.generate': '/images/generations',
  'audio.speech': '/audio/speech',
  responses: '/responses',
  rerank: '/rerank',
  ocr: '/ocr',
};

test('no request that a provider has accepted is refused', async (ctx) => {
  const folder = sharedPath('recordings', 'recordings');
  if (folder === undefined) return ctx.skip('the recordings are not here');
  const gateway = createGateway({
    auth: false,
    providers: [{ name: 'p', operations: {} }],
    models: [{ name: '*', deployments: [{ id: 'd', provider: 'p', model: '*' }] }],
    hooks: [{ name: 'accept', phase: 'guardrail', handle: () => Promise.resolve({ kind: 'complete', body: LazyJson.ofValue({}) }) }],
  });
  let accepted = 0;
  for (const provider of readdirSync(folder)) {
    for (const [operation, path] of Object.entries(PATHS)) {
      for (const { id, request, response } of recordedExchanges(provider, operation as Operation)) {
        if (!request.json || response.status >= 400) continue;
        // Azure names the model in the address.
        const body = JSON.stringify({ ...request.json, model: request.json.model ?? 'recorded' });
        const answer = await gateway.fetch(`http://sluice${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
        expect([id, answer.status, await answer.text()]).toEqual([id, 200, '{}']);
        accepted += 1;
      }
    }
  }
  expect(accepted).toBeGreaterThan(300);
  await gateway.close();
});
