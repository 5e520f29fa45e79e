import { createGateway } from '@sluice/core';
import { demo } from '@sluice/provider-demo';
import { hookContract } from '@sluice/testing';
import { expect, it, vi } from 'vitest';
import { plugin, sampleNameHook } from './index.ts';

it.each(hookContract(() => ({ hook: sampleNameHook({ maxMessages: 10 }) })))('$name', ({ run }) => run());

it('refuses a conversation that is too long, and hears how the others ended', async () => {
  const onEnd = vi.fn();
  const models = [{ name: 'assistant', deployments: [{ id: 'demo', provider: 'demo', model: 'demo' }] }];
  const gateway = createGateway({ providers: [demo()], models, auth: false, hooks: [sampleNameHook({ maxMessages: 1, onEnd })] });
  const message = { role: 'user', content: 'Good day?' } as const;
  await expect(gateway.chat.completions.create({ model: 'assistant', messages: [message, message] })).rejects.toThrow(/at most 1 messages, not 2/);
  await gateway.chat.completions.create({ model: 'assistant', messages: [message] });
  await gateway.idle();
  expect(onEnd.mock.calls).toEqual([[expect.any(String), 'ok']]);
  await gateway.close();
});

it('is made from a configuration file, and tells its mistakes', () => {
  expect(plugin.create({ maxMessages: 3 })).toMatchObject({ name: 'sample-name' });
  expect(() => plugin.create({ maxMessage: 3 })).toThrow(/maxMessages: It is missing[^]*maxMessage: .*Did you mean 'maxMessages'/);
  expect(() => plugin.create({ maxMessages: 'few' })).toThrow(/maxMessages: It has to be a whole number over 0/);
});
