import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PacedUpstream, pacedUpstream } from './paced-upstream.ts';
import { ask, group, openGateway, toTold } from './support.ts';

let broken: PacedUpstream;
let sound: PacedUpstream;

beforeAll(async () => {
  [broken, sound] = [await pacedUpstream({ words: [], end: 'cut' }), await pacedUpstream()];
});

afterAll(async () => void (await Promise.all([broken.close(), sound.close()])));

it('moves on from a stream that has said no more than whose turn it is', async () => {
  const gateway = openGateway([group('m', [broken.url], { fallbacks: ['n'] }), group('n', [sound.url])], { router: { retries: 0 } });
  const answered = await ask(gateway, 'm');
  expect(toTold(answered)).toEqual({ text: 'one two three', isDone: true, error: undefined });
  expect(answered.body.match(/"role":"assistant"/g)).toHaveLength(1);
  expect(answered.headers.get('x-sluice-model-group')).toBe('n');
  await gateway.close();
});

it('ends the wait for a token, and not only for an event, where a deployment has a limit to it', async () => {
  const silent = await pacedUpstream({ firstTokenAfterMs: 5_000 });
  const [slow, other] = group('m', [silent.url, sound.url]).deployments.map((one, index) => ({ ...one, order: index, firstTokenTimeoutMs: 150 }));
  if (!slow || !other) throw new Error('no deployments');
  const gateway = openGateway([{ name: 'm', deployments: [slow, other] }]);
  expect(toTold(await ask(gateway, 'm'))).toMatchObject({ text: 'one two three' });
  await gateway.close();
  await silent.close();
});
