import { createGateway, GatewayError } from '@sluice/core';
import { demo } from '@sluice/provider-demo';

// No server and no socket: calls from this process run through the same hooks as calls by HTTP.
const gateway = createGateway({
  providers: [demo()],
  models: [{ name: 'assistant', deployments: [{ id: 'demo', provider: 'demo', model: 'demo' }] }],
});

const nightly = { keyId: 'nightly-report', teamId: 'finance', models: ['assistant'], limits: { requestsPerMinute: 2 } };
/** @type {import('@sluice/core').ChatRequest} */
const request = { model: 'assistant', messages: [{ role: 'user', content: 'Hello from this process!' }] };

const answer = await gateway.chat.completions.create(request, { principal: nightly });
console.log('whole:   ', answer.choices[0]?.message.content);

process.stdout.write('streamed: ');
for await (const chunk of await gateway.chat.completions.create({ ...request, stream: true }, { principal: nightly })) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? '');
}

try {
  await gateway.chat.completions.create(request, { principal: nightly });
} catch (error) {
  if (!GatewayError.is(error)) throw error;
  console.log(`\nrefused:  ${error.code}, again in ${Math.ceil((error.retryAfterMs ?? 0) / 1000)} s`);
}

await gateway.close();
