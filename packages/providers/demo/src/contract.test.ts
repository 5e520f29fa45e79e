import { providerContract, type ProviderFixture } from '@sluice/testing';
import { test } from 'vitest';
import { toChunks } from './chat-wire.ts';
import { demo } from './demo.ts';

const request = { model: 'echo', stream: true, stream_options: { include_usage: true }, messages: [{ role: 'user', content: 'Grüezi mitenand' }] };
const events = [...toChunks(request, { text: 'Grüezi mitenand', finish: 'stop' }).map((chunk) => JSON.stringify(chunk)), '[DONE]'];

const fixtures: readonly ProviderFixture[] = [
  {
    name: 'its own stream',
    operation: 'chat',
    request,
    answer: { status: 200, headers: { 'content-type': 'text/event-stream' }, body: Buffer.from(events.map((event) => `data: ${event}\n\n`).join('')) },
    expected: { text: 'Grüezi mitenand', finish: 'stop', inputTokens: 4, outputTokens: 4 },
  },
  {
    name: 'its own error',
    operation: 'chat',
    request,
    answer: { status: 400, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"error":{"message":"No","code":null}}') },
    expected: { error: { status: 400, message: /No/ } },
  },
];

for (const { name, run } of providerContract({ provider: demo(), fixtures })) test(name, run);
