import { secret } from '@sluice/core';
import { ask } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { bedrock } from '../bedrock.ts';
import { json } from '../frames.test.support.ts';

const provider = bedrock({ region: 'eu-central-1', env: {} });
const CLAUDE = 'anthropic.claude-sonnet-4-5-20250929-v1:0';

function asked(model: string, request: object) {
  const operations = provider.operationsOf?.({ id: 'd', provider: 'bedrock', model }) ?? {};
  const wire = operations['tokens.count']?.toRequest({
    operation: 'tokens.count',
    request: { model: 'm', ...request },
    deployment: { id: 'd', provider: 'bedrock', model, apiKey: secret('k') },
  });
  return wire && { url: wire.url, body: JSON.parse(String(wire.body)) as unknown };
}

describe('tokens.count', () => {
  it('is asked of the model itself and not of a profile, and only for what has tokens', () => {
    const request = { messages: [{ role: 'user', content: 'hi' }], system: 'Be terse.', max_tokens: 5, temperature: 0.1 };
    expect(asked(`eu.${CLAUDE}`, request)).toEqual({
      url: `https://bedrock-runtime.eu-central-1.amazonaws.com/model/${encodeURIComponent(CLAUDE)}/count-tokens`,
      body: { input: { converse: { messages: [{ role: 'user', content: [{ text: 'hi' }] }], system: [{ text: 'Be terse.' }] } } },
    });
    expect(asked(`invoke/${CLAUDE}`, { prompt: ['a', 'b'] })?.body).toMatchObject({
      input: { converse: { messages: [{ content: [{ text: 'a' }, { text: 'b' }] }] } },
    });
  });

  it('is left to an estimate where Amazon counts for no such model', async () => {
    expect(asked('amazon.nova-lite-v1:0', { prompt: 'x' })).toBeUndefined();
    const counted = (model: string) =>
      ask({ provider, operation: 'tokens.count', request: { model: 'm', prompt: 'some words' }, recording: json({ inputTokens: 7 }), deployment: { model } });
    expect(JSON.parse((await counted(CLAUDE)).text)).toMatchObject({ input_tokens: 7, tokenizer_type: 'bedrock_api' });
    expect(JSON.parse((await counted('amazon.nova-lite-v1:0')).text)).toMatchObject({ tokenizer_type: 'estimate' });
  });
});
