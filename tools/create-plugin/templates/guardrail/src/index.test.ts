import { createGateway } from '@sluice/core';
import { demo } from '@sluice/provider-demo';
import { guardrailContract } from '@sluice/testing';
import { expect, it } from 'vitest';
import { guardrail, sampleNameGuardrail } from './index.ts';

it.each(
  guardrailContract(() => ({
    guardrail: sampleNameGuardrail({ phrase: 'project falcon' }),
    allowed: ['a falcon', 'project plans'],
    found: ['project falcon', 'our project falcons'],
  })),
)('$name', ({ run }) => run());

it('keeps the phrase from the provider, and says nothing of it', async () => {
  const models = [{ name: 'assistant', deployments: [{ id: 'demo', provider: 'demo', model: 'demo' }] }];
  const guardrails = [{ guardrail: sampleNameGuardrail({ phrase: 'project falcon' }), on: ['input'] as const }];
  const gateway = createGateway({ providers: [demo()], models, auth: false, guardrails });
  const ask = (content: string) => gateway.chat.completions.create({ model: 'assistant', messages: [{ role: 'user', content }] });
  await expect(ask('What is project falcon?')).rejects.toThrow(/^(?!.*project falcon).*forbidden phrase/);
  expect((await ask('What is a falcon?')).choices).toHaveLength(1);
  await gateway.close();
});

it('is made from a configuration file, and tells its mistakes', () => {
  expect(guardrail.create({ phrase: 'x' }).name).toBe('sample-name');
  expect(() => guardrail.create({ phrases: 'x' })).toThrow(/phrase: It is missing[^]*phrases: .*Did you mean 'phrase'/);
  expect(() => guardrail.create({ phrase: 5 })).toThrow(/phrase: It has to be a text/);
});
