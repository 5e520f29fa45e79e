import { createGateway, type Guardrail, type GuardrailUse, type Operation, type Provider, secret, type StreamScreening } from '@sluice/core';
import { readTold, replayed, type Told } from '@sluice/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { type RecordedExchange, recordedExchanges, recordingOf, requestOf } from '../support/recordings.ts';
import { providerNamed } from '../support/provider-named.ts';

const HOSTS: readonly (readonly [folder: string, preset: string, operation: Operation, path: string])[] = [
  ...(['openai', 'groq', 'openrouter', 'deepseek', 'mistral', 'perplexity', 'cerebras', 'llamacpp', 'huggingface', 'gemini'] as const).map(
    (folder) => [folder, folder, 'chat', '/chat/completions'] as const,
  ),
  ['ollama', 'ollama_openai', 'chat', '/chat/completions'],
  ['together', 'together_ai', 'chat', '/chat/completions'],
  ['openai', 'openai', 'responses', '/responses'],
];

const MODES: readonly StreamScreening[] = [{ mode: 'window', characters: 7 }, { mode: 'window', characters: 400 }, { mode: 'buffer' }, { mode: 'observe' }];

const allowing: Guardrail = { name: 'allowing', check: () => ({ action: 'allow' }) };
const replacing: Guardrail = {
  name: 'replacing',
  check: ({ text }) => {
    const edits = [...text.matchAll(/the /g)].map(({ index }) => ({ start: index, end: index + 4, replacement: '### ' }));
    return edits.length === 0 ? { action: 'allow' } : { action: 'redact', edits };
  },
};

let streams = 0;

const RECORDED = HOSTS.map((host) => ({ host, exchanges: recordedExchanges(host[0], host[2]).filter(isStream) })).filter(
  ({ exchanges }) => exchanges.length > 0,
);

test('there are recorded streams', (ctx) => {
  if (RECORDED.length === 0) ctx.skip('no recordings beside the checkout');
});

for (const { host, exchanges } of RECORDED) {
  const [folder, preset, operation, path] = host;

  describe(`streams of ${folder} ${operation}, screened`, () => {
    const provider = providerNamed(preset);
    const told = (exchange: RecordedExchange, guardrails: readonly GuardrailUse[]): Promise<Told> => replay(provider, path, exchange, guardrails);

    test.each(exchanges.map((exchange) => [exchange.id, exchange] as const))('%s', async (_id, exchange) => {
      const plain = await told(exchange, []);
      expect(plain.isComplete).toBe(true);
      for (const stream of MODES) expect(await told(exchange, [{ guardrail: allowing, on: ['output'], stream }]), JSON.stringify(stream)).toEqual(plain);
      for (const stream of MODES.slice(0, 3)) {
        const redacted = await told(exchange, [{ guardrail: replacing, on: ['output'], stream }]);
        expect([redacted.text, redacted.reasoning]).toEqual([plain.text.replaceAll('the ', '### '), plain.reasoning.replaceAll('the ', '### ')]);
        expect(redacted.isComplete).toBe(true);
      }
      streams += 1;
    });
  });
}

afterAll(() => {
  console.log(`${streams} recorded streams screened`);
});

function isStream({ request, response, digest }: RecordedExchange): boolean {
  return request.json?.stream === true && response.status === 200 && digest.stream_error === undefined;
}

async function replay(provider: Provider, path: string, exchange: RecordedExchange, guardrails: readonly GuardrailUse[]): Promise<Told> {
  const replaying: Provider = { ...provider, send: () => Promise.resolve(replayed(recordingOf(exchange), { cut: { seed: 11 } })) };
  const gateway = createGateway({
    auth: false,
    providers: [replaying],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: provider.name, model: 'real', apiKey: secret('sk-recorded-0123456789') }] }],
    router: { retries: 0 },
    guardrails,
  });
  try {
    const response = await gateway.fetch(`http://sluice/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...requestOf(exchange), model: 'm' }),
    });
    return readTold(response.headers.get('content-type') ?? '', await response.text());
  } finally {
    await gateway.close();
  }
}
