import { type ProviderCall, secret } from '@sluice/core';
import { providerContract, type ProviderFixture, type Recording } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { provider, sampleNameProvider } from './index.ts';
import { toRequest } from './to-request.ts';

// Exchanges in the wire form that the package began with. Put real ones in their place: they are what the mapping is held to.
const request = { model: 'm', messages: [{ role: 'user', content: 'Good day?' }] };
const streaming = { ...request, stream: true, stream_options: { include_usage: true } };
const expected = { text: 'Good day!', finish: 'stop', inputTokens: 4, outputTokens: 3 };
const END = { id: 'a', stop: 'end', tokens: { read: 4, written: 3 } };
const EVENTS = [{ id: 'a', text: 'Good ' }, { id: 'a', text: 'day!' }, END].map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');

function recorded(body: string, contentType = 'application/json', status = 200): Recording {
  return { status, headers: { 'content-type': contentType }, body: Buffer.from(body) };
}

function refused(name: string, status: number, message: string): ProviderFixture {
  const answer = recorded(JSON.stringify({ message }), 'application/json', status);
  return { name, operation: 'chat', request, answer, expected: { error: { message: new RegExp(message) } } };
}

const fixtures: readonly ProviderFixture[] = [
  { name: 'whole', operation: 'chat', request, answer: recorded(JSON.stringify({ ...END, text: 'Good day!' })), expected },
  { name: 'stream', operation: 'chat', request: streaming, answer: recorded(EVENTS, 'text/event-stream'), expected },
  refused('wrong key', 401, 'No such key'),
  refused('too many', 429, 'Slow down'),
  refused('defect', 500, 'Out of order'),
];

it.each(providerContract({ provider: sampleNameProvider(), fixtures }))('$name', ({ run }) => run());

describe('a request', () => {
  const bodyOf = (fields: object): unknown => {
    const deployment = { id: 'd', provider: 'sample-name', model: 'large', apiKey: secret('k') };
    return JSON.parse(String(toRequest({ operation: 'chat', request: { ...request, ...fields }, deployment } satisfies ProviderCall).body));
  };

  it('keeps fields that are not known here', () => {
    expect(bodyOf({ temperature: 0.5, newer: 1 })).toMatchObject({ model: 'large', temperature: 0.5, newer: 1, turns: [{ role: 'user', text: 'Good day?' }] });
  });

  it('is refused where the API has no word for a field or a part', () => {
    expect(() => bodyOf({ tools: [{ type: 'function' }] })).toThrow(/cannot honour 'tools'/);
    expect(() => bodyOf({ messages: [{ role: 'user', content: [{ type: 'image_url' }] }] })).toThrow(/cannot honour 'messages\[0\].content\[0\]'/);
  });
});

it('is found where its key is in the environment, and keeps it to itself', () => {
  expect(provider.discover({})).toEqual([]);
  const found = provider.discover({ SAMPLE_NAME_API_KEY: 'not-to-be-seen' });
  expect(found.map(({ provider: { name } }) => name)).toEqual(['sample-name']);
  expect(JSON.stringify(found)).not.toContain('not-to-be-seen');
});
