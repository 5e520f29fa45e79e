import { expect, it } from 'vitest';
import type { CallRecord } from '../types/record.ts';
import type { GuardrailText } from '../types/guardrail.ts';
import { createGateway } from './create-gateway.ts';

/** A provider of this process's own, which answers what it was asked last. */
const provider = {
  name: 'echo',
  operations: { chat: { toRequest: ({ request }: { request: object }) => ({ url: 'http://nowhere', headers: {}, body: request }) } },
  send: async ({ body }: { body: { messages: readonly { content: string }[] } }) => ({
    status: 200,
    headers: {},
    body: (async function* () {
      yield Buffer.from(JSON.stringify({ id: 'x', choices: [{ index: 0, message: { role: 'assistant', content: body.messages.at(-1)?.content } }] }));
    })(),
  }),
};

function opened(check: (text: GuardrailText) => Promise<{ action: 'allow' } | { action: 'block'; reason: string }>, records: CallRecord[] = []) {
  return createGateway({
    providers: [provider as never],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: 'echo', model: 'x' }] }],
    auth: false,
    access: { enforcedParams: ['user'] },
    allowance: { perKey: { limits: { requestsPerMinute: 1 } } },
    guardrails: [{ guardrail: { name: 'asking', check }, on: ['input'] }],
    sinks: [{ name: 'list', write: (batch) => void records.push(...batch) }],
  });
}

it('a guardrail asks a model of the gateway: by a recorded call that nothing judges, limits by key or demands fields of', async () => {
  const records: CallRecord[] = [];
  const seen: string[] = [];
  const gateway = opened(async ({ text, ask }) => {
    seen.push(text);
    for (let turn = 0; turn < 3; turn += 1) await ask?.('chat', { model: 'm', messages: [{ role: 'user', content: `judge: ${text}` }] });
    return { action: 'allow' };
  }, records);
  const { choices } = await gateway.chat.completions.create({ model: 'm', user: 'u', messages: [{ role: 'user', content: 'hello there' }] });
  expect(choices[0]?.message.content).toBe('hello there');
  expect(seen).toEqual(['u', 'hello there']);
  await gateway.close();
  expect(records.map(({ keyId }) => keyId).sort()).toEqual(['anonymous', ...Array.from({ length: 6 }, () => 'guardrail')]);
});

it('a guardrail whose model is not there has failed, and the call is refused (P61)', async () => {
  const gateway = opened(async ({ ask }) => {
    await ask?.('chat', { model: 'missing', messages: [{ role: 'user', content: 'x' }] });
    return { action: 'allow' };
  });
  const asked = gateway.chat.completions.create({ model: 'm', user: 'u', messages: [{ role: 'user', content: 'hi' }] });
  await expect(asked).rejects.toMatchObject({ code: 'guardrail_failed' });
  await gateway.close();
});
