import { createGateway, secret } from '@sluice/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startParrot } from '../parrot-server.js';
import { parrot } from './parrot.js';

let bird: Awaited<ReturnType<typeof startParrot>>;
beforeAll(async () => {
  bird = await startParrot();
});
afterAll(() => bird.close());

const request = { model: 'polly', messages: [{ role: 'user', content: 'Polly wants a cracker' }] } as const;

function gatewayWith(apiKey: string) {
  const deployment = { id: 'polly', provider: 'parrot', model: 'macaw-1', baseUrl: bird.url, apiKey: secret(apiKey) };
  return createGateway({ providers: [parrot()], models: [{ name: 'polly', deployments: [deployment] }], auth: false });
}

it('answers in the canonical shape, with usage', async () => {
  const answer = await gatewayWith('cracker').chat.completions.create(request);
  expect(answer).toMatchObject({ object: 'chat.completion', model: 'polly', usage: { prompt_tokens: 4, completion_tokens: 4 } });
  expect(answer.choices[0]?.message.content).toBe('Polly wants a cracker');
});

it('streams word by word, and says what it used when asked', async () => {
  const stream = await gatewayWith('cracker').chat.completions.create({ ...request, stream: true, stream_options: { include_usage: true } });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Polly wants a cracker');
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 8 } });
});

it('says in the words of the table what went wrong', async () => {
  await expect(gatewayWith('seed').chat.completions.create(request)).rejects.toMatchObject({ code: 'upstream_authentication', status: 401 });
});
