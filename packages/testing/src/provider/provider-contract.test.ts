import { GatewayError, type JsonObject, LineSplitter, type Mapping, type Provider, type ProviderCall } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { PROVIDER_KEY } from './ask.ts';
import { providerContract } from './provider-contract.ts';
import type { ProviderFixture } from './provider-fixture.ts';

const headers = { 'content-type': 'text/event-stream' };
const chunk = (content: string, finish: string | null): string =>
  `data: {"choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":${JSON.stringify(finish)}}]}\n\n`;

const fixtures: readonly ProviderFixture[] = [
  {
    name: 'stream',
    operation: 'chat',
    request: { model: 'm', stream: true, messages: [{ role: 'user', content: 'How "warm"?' }] },
    answer: { status: 200, headers, body: Buffer.from(`${chunk('é1', null)}${chunk('2', null)}${chunk('3', 'stop')}data: [DONE]\n\n`) },
    expected: { text: 'é123', finish: 'stop' },
  },
  {
    name: 'error',
    operation: 'chat',
    request: { model: 'm', messages: [{ role: 'user', content: 'x' }] },
    answer: { status: 401, headers: {}, body: Buffer.from('{"message":"Bad key"}') },
    expected: { error: { status: 401, message: /Bad key/ } },
  },
];

const sound: Mapping = {
  toRequest: ({ request, deployment }) => ({
    url: 'https://x.example.com/chat',
    headers: { authorization: `Bearer ${deployment.apiKey?.reveal()}` },
    body: JSON.stringify(request),
  }),
  toError: ({ status, body }) => new GatewayError('upstream_authentication', messageIn(body), { status, retryable: status === 429 || status >= 500 }),
};

function messageIn(body: string): string {
  try {
    return ((JSON.parse(body) as { message?: string } | null)?.message ?? 'It failed').replaceAll(PROVIDER_KEY, '');
  } catch {
    return 'It failed';
  }
}

async function failures(mapping: Partial<Mapping>, name = 'mine', recorded = fixtures): Promise<string[]> {
  const provider: Provider = { name, operations: { chat: { ...sound, ...mapping } } };
  const failed: string[] = [];
  for (const { name: rule, run } of providerContract({ provider, fixtures: recorded })) await run().catch(() => failed.push(rule));
  return failed;
}

describe('the provider contract', () => {
  test('is kept by a sound provider', async () => {
    expect(await failures({})).toEqual([]);
  });

  const lossy = ({ request }: ProviderCall): JsonObject => ({ ...request, messages: [] });
  test.each<[string, Partial<Mapping>, string]>([
    [
      'loses text',
      {
        toChunks:
          () =>
          ({ data }) =>
            data.includes('2') ? [] : undefined,
      },
      'stream: is answered right',
    ],
    [
      'loses the request',
      { toRequest: (call) => ({ ...sound.toRequest(call), body: JSON.stringify(lossy(call)) }) },
      'stream: the request keeps what the caller wrote, and its key to itself',
    ],
    [
      'puts the key into the URL',
      { toRequest: (call) => ({ ...sound.toRequest(call), url: `https://x.example.com/?key=${PROVIDER_KEY}` }) },
      'stream: the request keeps what the caller wrote, and its key to itself',
    ],
    [
      'asks again what was refused',
      { toError: ({ status, body }) => new GatewayError('upstream_error', messageIn(body), { status, retryable: true }) },
      'an upstream that is overloaded or broken may be asked again, one that refuses may not',
    ],
    [
      'repeats the key',
      { toError: ({ status, body }) => new GatewayError('upstream_error', body, { status, retryable: status === 429 || status >= 500 }) },
      'no error repeats the key',
    ],
    ['takes any event for the end', { isEnd: () => true }, 'stream: a break is an error and never a silent end'],
    ['keeps a secret of an error', { toError: () => new GatewayError('internal', 'Internal error') }, 'error: is answered right'],
    ['shows the key', { toError: () => new GatewayError('upstream_authentication', `Bad key ${PROVIDER_KEY}`) }, 'error: is answered right'],
  ])('is broken by one that %s', async (_, mapping, rule) => {
    expect(await failures(mapping)).toContain(rule);
  });

  test('cuts and breaks streams however they are framed', async () => {
    const lines = ['1', '2', '3']
      .map((content) => `{"choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}],"done":${content === '3'}}\n`)
      .join('');
    const answer = { status: 200, headers: { 'content-type': 'application/x-ndjson' }, body: Buffer.from(lines) };
    const [stream] = fixtures;
    const recorded = stream ? [{ ...stream, answer, expected: { text: '123' } }] : [];
    const framed: Partial<Mapping> = { framing: (_, maxEventBytes) => new LineSplitter(maxEventBytes), isEnd: ({ data }) => data.includes('"done":true') };
    expect(await failures(framed, 'mine', recorded)).toEqual([]);
    expect(await failures({ ...framed, isEnd: () => true }, 'mine', recorded)).toContain('stream: a break is an error and never a silent end');
  });

  test('is broken by a name that no configuration could hold', async () => {
    expect(await failures({}, 'my provider/x')).toContain('my provider/x: has a name and can do something');
  });
});
