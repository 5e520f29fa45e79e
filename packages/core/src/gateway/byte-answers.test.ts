import { expect, test } from 'vitest';
import { defineHook } from '../pipeline/hook.ts';
import { createGateway } from './create-gateway.ts';

test('what is passed on as it comes is taken by browsers for nothing but what it says it is', async () => {
  const answer = defineHook({
    name: 'answer',
    phase: 'cache',
    handle: () => ({
      kind: 'bytes',
      contentType: 'text/plain',
      chunks: (async function* () {
        yield Buffer.from('<script>');
      })(),
    }),
  });
  const gateway = createGateway({ masterKey: 'sk-0123456789abcdef', hooks: [answer], models: [] });
  const response = await gateway.fetch('http://sluice/v1/audio/speech', {
    method: 'POST',
    headers: { authorization: 'Bearer sk-0123456789abcdef', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', input: 'x', voice: 'alloy' }),
  });
  expect([response.status, await response.text()]).toEqual([200, '<script>']);
  expect([response.headers.get('content-type'), response.headers.get('x-content-type-options')]).toEqual(['text/plain', 'nosniff']);
  await gateway.close();
});
