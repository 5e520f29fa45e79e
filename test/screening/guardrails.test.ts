import { keywords } from '@sluice/guardrail-keywords';
import type { GuardrailUse } from '@sluice/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, echoUpstream, eventsOf, opened, type Upstream } from './support.ts';

let upstream: Upstream;
beforeAll(async () => {
  upstream = await echoUpstream();
});
afterAll(() => upstream.close());

const window = { mode: 'window', characters: 24 } as const;
const words = (action: 'block' | 'redact', on: GuardrailUse['on']): GuardrailUse => ({ guardrail: keywords({ words: ['bomb'], action }), on, stream: window });

type Event = {
  readonly error?: { readonly code: string; readonly type: string };
  readonly choices?: readonly { readonly delta?: { readonly content?: string }; readonly finish_reason?: string | null }[];
};

const textOf = (events: readonly unknown[]): string => (events as readonly Event[]).map(({ choices }) => choices?.[0]?.delta?.content ?? '').join('');

describe('guardrails in a whole gateway', () => {
  it('refuse what a caller says, in the form that is settled, before anybody is asked', async () => {
    const { gateway } = opened(upstream, { guardrails: [words('block', ['input'])] });
    const before = upstream.bodies.length;
    const { status, headers, text } = await ask(gateway, 'a b\u200bomb');
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: { type: 'guardrail_blocked', code: 'keywords' } });
    expect(headers.get('x-sluice-applied-guardrails')).toBe('keywords');
    expect(upstream.bodies).toHaveLength(before);
    await gateway.close();
  });

  it('send on what they judged, whatever a second parser might have read', async () => {
    const { gateway } = opened(upstream, { guardrails: [words('block', ['input'])] });
    const twice = '{"model":"m","messages":[{"role":"user","content":"a bomb"}],"messages":[{"role":"user","content":"hi"}]}';
    expect((await ask(gateway, '', { raw: twice })).status).toBe(200);
    expect(upstream.bodies.at(-1)).not.toContain('bomb');
    await gateway.close();
  });

  it('redact a stream, and leave its usage and its end in place', async () => {
    const { gateway } = opened(upstream, { guardrails: [words('redact', ['output'])] });
    const { text } = await ask(gateway, 'I have a bomb in my luggage, and a bombastic mood.', {
      body: { stream: true, stream_options: { include_usage: true } },
    });
    const events = eventsOf(text);
    expect(textOf(events.slice(0, -1))).toBe('I have a [redacted] in my luggage, and a bombastic mood.');
    expect(events.at(-1)).toBe('[DONE]');
    expect(events.at(-2)).toMatchObject({ choices: [], usage: { completion_tokens: 7 } });
    expect(events.at(-3)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    await gateway.close();
  });

  it('end a blocked stream with content_filter and an error event, and cancel the upstream', async () => {
    const { gateway, records } = opened(upstream, { guardrails: [words('block', ['output'])] });
    const lost = upstream.lost;
    const { status, text } = await ask(gateway, `endless ${'.'.repeat(40)} bomb ${'.'.repeat(40)}`, { body: { stream: true } });
    const events = eventsOf(text) as Event[];
    expect(status).toBe(200);
    expect(textOf(events)).not.toContain('b');
    expect(events.at(-2)).toMatchObject({ choices: [{ finish_reason: 'content_filter' }] });
    expect(events.at(-1)).toMatchObject({ error: { type: 'guardrail_blocked', code: 'keywords' } });
    expect(text).not.toContain('[DONE]');
    await expect.poll(() => upstream.lost).toBe(lost + 1);
    await gateway.close();
    expect(records).toMatchObject([{ status: 'error', code: 'guardrail_blocked', deploymentId: 'd1', usage: { inputTokens: expect.any(Number) } }]);
  });

  it('judge what comes from the cache like any other answer', async () => {
    let isStrict = false;
    const changing: GuardrailUse = {
      guardrail: {
        name: 'changing',
        check: ({ text }) => (isStrict && text.includes('bomb') ? { action: 'block', reason: 'it is Tuesday' } : { action: 'allow' }),
      },
      on: ['output'],
    };
    const { gateway, records } = opened(upstream, { guardrails: [changing], cache: true });
    expect((await ask(gateway, 'a cached bomb')).status).toBe(200);
    expect((await ask(gateway, 'a cached bomb')).headers.get('x-sluice-cache')).toBe('hit');
    isStrict = true;
    expect((await ask(gateway, 'a cached bomb')).status).toBe(400);
    await gateway.close();
    expect(records.map(({ status, costNanoUsd }) => [status, costNanoUsd])).toEqual([
      ['ok', 19],
      ['cache_hit', 0],
      ['refused', 0],
    ]);
  });

  it('run where a policy names them, in this process as well', async () => {
    const { gateway } = opened(upstream, { guardrails: [{ ...words('block', ['input']), always: false }] });
    const create = (guardrails: readonly string[]) =>
      gateway.chat.completions.create(
        { model: 'm', messages: [{ role: 'user', content: 'a bomb' }] },
        { principal: { keyId: 'k' }, policy: { name: 'p', guardrails } },
      );
    expect((await create([])).choices[0]?.message.content).toBe('a bomb');
    await expect(create(['keywords'])).rejects.toMatchObject({ code: 'guardrail_blocked' });
    await gateway.close();
  });
});
