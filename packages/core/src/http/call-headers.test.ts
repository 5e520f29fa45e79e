import { expect, test } from 'vitest';
import { Context } from '../pipeline/context.ts';
import { callHeaders } from './call-headers.ts';
import { toPairs } from './header-list.ts';

function answered(): Context {
  const ctx = new Context({ id: 'call-1', operation: 'chat', request: { model: 'm' }, source: { credentials: [] }, controller: new AbortController() });
  ctx.deployment = { id: 'm-1', provider: 'p', model: 'm' };
  ctx.group = 'modèle';
  ctx.costNanoUsd = 1500;
  ctx.retries = 2;
  ctx.setHeader('x-sluice-key-spend', '0.5');
  ctx.setHeader('x-ratelimit-limit-requests', '10');
  return ctx;
}

test('tells of the call once, by names of our own', () => {
  const headers = Object.fromEntries(toPairs(callHeaders(answered(), false)));
  expect(headers).toMatchObject({
    'x-request-id': 'call-1',
    'x-sluice-call-id': 'call-1',
    'x-sluice-attempted-retries': '2',
    'x-sluice-attempted-fallbacks': '0',
    'x-sluice-response-duration-ms': expect.stringMatching(/^\d+\.\d\d$/),
    'x-sluice-overhead-duration-ms': expect.stringMatching(/^\d+\.\d\d$/),
    'x-sluice-model-id': 'm-1',
    'x-sluice-model-group': 'mod%C3%A8le',
    'x-sluice-response-cost': '0.0000015',
    'x-sluice-key-spend': '0.5',
    'x-ratelimit-limit-requests': '10',
  });
  expect(Object.keys(headers).filter((name) => name.startsWith('x-litellm'))).toEqual([]);
});

test("tells it again by LiteLLM's names where they are wanted", () => {
  const headers = Object.fromEntries(toPairs(callHeaders(answered(), true)));
  const ours = Object.keys(headers).filter((name) => name.startsWith('x-sluice-'));
  expect(ours.map((name) => headers[name.replace('sluice', 'litellm')])).toEqual(ours.map((name) => headers[name]));
  expect(headers).not.toHaveProperty('x-litellm-ratelimit-limit-requests');
});
