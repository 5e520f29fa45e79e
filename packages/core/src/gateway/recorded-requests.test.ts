import { afterEach, describe, expect, it } from 'vitest';
import { finder } from '../hooks/hook-bench.test.support.ts';
import { defineHook } from '../pipeline/hook.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { GuardrailUse } from '../types/guardrail.ts';
import type { CallRecord } from '../types/record.ts';
import { createGateway, type Gateway } from './create-gateway.ts';

const closing: Gateway[] = [];
afterEach(async () => {
  for (const gateway of closing.splice(0)) await gateway.close();
});

const answer = defineHook({ name: 'answer', phase: 'cache', handle: () => ({ kind: 'complete', body: LazyJson.ofValue({ choices: [] }) }) });

const masks: GuardrailUse = { guardrail: finder('penguin', 'redact', 'masks'), on: ['input'] };
const blocks: GuardrailUse = { guardrail: finder('bomb', 'block', 'blocks'), on: ['input'] };

/** What sinks get of calls that say `texts`, one after the other. */
async function recorded(texts: readonly string[], { guardrails = [masks, blocks], key = 'sk-ann' } = {}): Promise<CallRecord[]> {
  const records: CallRecord[] = [];
  const gateway = createGateway({
    keys: [
      { id: 'ann', key: 'sk-ann', limits: { requestsPerMinute: 1 } },
      { id: 'ben', key: 'sk-ben', budgetNanoUsd: 0 },
    ],
    guardrails,
    providers: [{ name: 'p', operations: {} }],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'x', price: { input: 1e9, output: 1e9 } }] }],
    hooks: [answer],
    sinks: [{ name: 'list', write: (batch) => void records.push(...batch) }],
    recordMessages: true,
  });
  for (const content of texts)
    await gateway.fetch('http://sluice/v1/chat/completions', {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] }),
    });
  closing.push(gateway);
  await gateway.close();
  return records;
}

describe('the request that sinks are given', () => {
  it('is what all guardrails have left of it', async () => {
    expect(await recorded(['a penguin'])).toMatchObject([{ said: { request: { messages: [{ content: 'a [x]' }] } } }]);
    expect(await recorded(['a penguin'], { guardrails: [] })).toMatchObject([{ said: { request: { messages: [{ content: 'a penguin' }] } } }]);
  });

  it.each([
    ['a key that is none', ['a penguin'], { key: 'sk-none' }, 'invalid_credentials'],
    ['a limit', ['hello', 'a penguin'], {}, 'rate_limited'],
    ['a budget', ['a penguin'], { key: 'sk-ben' }, 'budget_exceeded'],
    ['a guardrail behind one that masks', ['a penguin with a bomb'], {}, 'guardrail_blocked'],
  ])('is not there where it was refused by %s', async (_, texts, options, code) => {
    const record = (await recorded(texts, options)).at(-1);
    expect(record).toMatchObject({ code, said: {} });
    expect(record?.said).not.toHaveProperty('request');
    expect(JSON.stringify(record)).not.toContain('penguin');
  });

  it('is not there for what a guardrail asks a model', async () => {
    const asks: GuardrailUse = {
      guardrail: {
        name: 'asks',
        async check({ text, ask }) {
          await ask?.('chat', { model: 'm', messages: [{ role: 'user', content: text }] });
          return { action: 'redact', edits: [{ start: 0, end: text.length, replacement: '-' }] };
        },
      },
      on: ['input'],
    };
    const records = await recorded(['a penguin'], { guardrails: [asks] });
    expect(records.map(({ keyId }) => keyId).sort()).toEqual(['ann', 'guardrail']);
    expect(JSON.stringify(records)).not.toContain('penguin');
  });
});
