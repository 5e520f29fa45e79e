import { providerContract, type ProviderFixture, type Recording } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { DRAWN, json } from './answers.test.support.ts';
import { provider as pack } from './provider-package.ts';

const ERRORS: Readonly<Record<string, (message: string) => object>> = {
  stability: (message) => ({ id: '1', name: 'bad_request', errors: [message] }),
  fal_ai: (message) => ({ detail: [{ loc: ['body', 'prompt'], msg: message, type: 'value_error' }] }),
  black_forest_labs: (message) => ({ detail: message }),
  recraft: (message) => ({ code: 'invalid', message }),
  ideogram: (message) => ({ error: message }),
  runwayml: (message) => ({ error: message }),
  luma: (message) => ({ detail: message }),
};

function fixturesOf(host: string): readonly ProviderFixture[] {
  const answers = DRAWN[host] ?? [];
  const request = { model: 'm', prompt: 'A cat' };
  const failing = (name: string, status: number): ProviderFixture => ({
    name,
    operation: 'images.generate',
    request,
    answer: json(ERRORS[host]?.('No luck today') ?? {}, status),
    expected: { error: { status: status < 500 ? status : 502, message: /No luck today/ } },
  });
  const answer = answers.at(-1) as Recording;
  return [
    { name: 'a picture', operation: 'images.generate', request, before: answers.slice(0, -1), answer, expected: { usage: { images: 1 } } },
    failing('a bad request', 400),
    failing('a wrong key', 401),
    failing('a limit', 429),
    failing('a failure', 500),
  ];
}

for (const provider of pack.providers) {
  describe(provider.name, () => {
    for (const { name, run } of providerContract({ provider, fixtures: fixturesOf(provider.name) })) test(name, run);
  });
}

test('hosts are enabled by their key', () => {
  const found = (env: Record<string, string>) => pack.discover(env).map(({ provider }) => provider.name);
  expect(found({})).toEqual([]);
  const keys = ['STABILITY_API_KEY', 'FAL_KEY', 'BFL_API_KEY', 'RECRAFT_API_KEY', 'IDEOGRAM_API_KEY', 'RUNWAYML_API_SECRET', 'LUMA_API_KEY'];
  expect(found(Object.fromEntries(keys.map((name) => [name, 'k'])))).toEqual([
    'stability',
    'fal_ai',
    'black_forest_labs',
    'recraft',
    'ideogram',
    'runwayml',
    'luma',
  ]);
  expect(JSON.stringify(pack.discover({ FAL_AI_API_KEY: 'sk-1' }))).not.toContain('sk-1');
});
