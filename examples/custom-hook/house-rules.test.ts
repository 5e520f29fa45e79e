import { createGateway, type ModelRequest } from '@sluice/core';
import { demo } from '@sluice/provider-demo';
import { hookContract } from '@sluice/testing';
import { expect, it, vi } from 'vitest';
import { houseRules } from './house-rules.js';

it('puts the rules before the conversation, and tells how the call ended', async () => {
  const onEnd = vi.fn();
  const answers = [{ match: ({ messages }: ModelRequest) => JSON.stringify(messages).startsWith('[{"role":"system","content":"Be brief."}'), text: 'Yes.' }];
  const models = [{ name: 'assistant', deployments: [{ id: 'demo', provider: 'demo', model: 'demo' }] }];
  const gateway = createGateway({ providers: [demo({ answers })], models, auth: false, hooks: [houseRules({ rules: 'Be brief.', onEnd })] });
  const answer = await gateway.chat.completions.create({ model: 'assistant', messages: [{ role: 'user', content: 'Is it on?' }] });
  expect(answer.choices[0]?.message.content).toBe('Yes.');
  await gateway.idle();
  expect(onEnd).toHaveBeenCalledWith(expect.any(String), 'ok');
});

it.each(hookContract(() => ({ hook: houseRules({ rules: 'Be brief.' }) })))('$name', ({ run }) => run());
