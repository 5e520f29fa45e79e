import { providerContract, type ProviderFixture, type Recording } from '@sluice/testing';
import { it } from 'vitest';
import { parrot } from './parrot.js';

const request = { model: 'polly', messages: [{ role: 'user', content: 'Polly wants a cracker' }] };
const streaming = { ...request, stream: true, stream_options: { include_usage: true } };
const expected = { text: 'Polly wants a cracker', finish: 'stop', inputTokens: 4, outputTokens: 4 };

function recorded(body: string, contentType = 'application/json', status = 200): Recording {
  return { status, headers: { 'content-type': contentType }, body: Buffer.from(body) };
}

const WORDS = ['Polly ', 'wants ', 'a ', 'cracker'].map((word) => `data: ${JSON.stringify({ word })}\n\n`).join('');

const fixtures: readonly ProviderFixture[] = [
  { name: 'whole', operation: 'chat', request, answer: recorded('{"said":"Polly wants a cracker","words":{"heard":4,"said":4}}'), expected },
  {
    name: 'stream',
    operation: 'chat',
    request: streaming,
    answer: recorded(`${WORDS}event: silence\ndata: {"heard":4,"said":4}\n\n`, 'text/event-stream'),
    expected,
  },
  {
    name: 'strange bird',
    operation: 'chat',
    request,
    answer: recorded('squawk', 'text/plain', 401),
    expected: { error: { status: 401, message: /does not know you/ } },
  },
  { name: 'out of breath', operation: 'chat', request, answer: recorded('…', 'text/plain', 429), expected: { error: { status: 429 } } },
];

it.each(providerContract({ provider: parrot(), fixtures }))('$name', ({ run }) => run());
