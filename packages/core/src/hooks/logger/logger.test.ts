import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { Context } from '../../pipeline/context.ts';
import type { Reply } from '../../types/call.ts';
import type { CallRecord } from '../../types/record.ts';
import { callOf, complete, runHook, streamOf } from '../hook-bench.test.support.ts';
import { logger, type LoggerOptions } from './logger.ts';

const KEY = 'canary-credential-1234567890';
const PROMPT = 'the canary prompt about penguins';

async function logged(
  answer: (ctx: Context) => Reply | Promise<Reply>,
  { ctx = callOf(), ...options }: Partial<LoggerOptions> & { ctx?: Context } = {},
): Promise<CallRecord> {
  const records: CallRecord[] = [];
  const hook = logger({ sinks: [{ name: 'list', write: (batch) => void records.push(...batch) }], onError: () => undefined, ...options });
  await runHook(hook, ctx, answer);
  await hook.close?.();
  expect(records).toHaveLength(1);
  return records[0] as CallRecord;
}

const chosen = (ctx: Context): void => {
  ctx.group = 'm';
  ctx.deployment = { id: 'd1', provider: 'p', model: 'real' };
};

describe('the logger', () => {
  it('records a call that went well, with figures that became final after the answer', async () => {
    const principal = { keyId: 'k1', userId: 'u', teamId: 't', organizationId: 'o', metadata: { plan: 'gold' } };
    const ctx = callOf({ stream: true }, { principal, source: { credentials: [KEY], clientAddress: '192.0.2.1' } });
    const record = await logged(
      (at) => {
        chosen(at);
        at.firstByteAt = performance.now();
        at.defer(() => {
          at.usage = { inputTokens: 1, outputTokens: 2 };
          at.costNanoUsd = 42;
        });
        return streamOf([[{ id: 'x' }]]);
      },
      { ctx },
    );
    expect(record).toMatchObject({
      id: 'call-1',
      operation: 'chat',
      model: 'm',
      group: 'm',
      deploymentId: 'd1',
      provider: 'p',
      isStream: true,
      keyId: 'k1',
      userId: 'u',
      teamId: 't',
      organizationId: 'o',
      clientAddress: '192.0.2.1',
      metadata: { plan: 'gold' },
      status: 'ok',
      code: undefined,
      message: undefined,
      usage: { inputTokens: 1, outputTokens: 2 },
      costNanoUsd: 42,
      retries: 0,
      fallbacks: 0,
    });
    expect(Math.abs(Date.parse(record.startedAt) - Date.now())).toBeLessThan(5000);
    expect(record.firstByteMs).toBeGreaterThanOrEqual(0);
    expect(record.durationMs).toBeGreaterThanOrEqual(record.firstByteMs as number);
  });

  it.each([
    [
      'cache_hit',
      undefined,
      (ctx: Context) => {
        ctx.cacheStatus = 'hit';
        return complete({});
      },
    ],
    ['refused', 'rate_limited', () => Promise.reject(new GatewayError('rate_limited', 'slow down'))],
    ['refused', 'invalid_json', () => Promise.reject(new GatewayError('invalid_json', PROMPT))],
    [
      'error',
      'upstream_error',
      (ctx: Context) => {
        chosen(ctx);
        return Promise.reject(new GatewayError('upstream_error', 'oops'));
      },
    ],
    [
      'error',
      'upstream_stream_broken',
      (ctx: Context) => {
        chosen(ctx);
        return streamOf([[{ id: 'x' }]], new GatewayError('upstream_stream_broken', 'gone'));
      },
    ],
    [
      'error',
      'internal',
      (ctx: Context) => {
        chosen(ctx);
        return Promise.reject(new TypeError('a defect'));
      },
    ],
    [
      'aborted',
      'aborted',
      (ctx: Context) => {
        chosen(ctx);
        ctx.abort();
        return Promise.reject(new GatewayError('aborted', 'The caller has left'));
      },
    ],
  ])('records %s with %s', async (status, code, answer) => {
    expect(await logged(answer)).toMatchObject({ status, code });
  });

  it('holds no credential, in whatever form an error quotes it (P54)', async () => {
    const forms = [
      KEY,
      Buffer.from(KEY).toString('base64'),
      Buffer.from(KEY).toString('hex'),
      encodeURIComponent(`${KEY}/+`),
      'sk-abcdefghijklmnop1234',
      'Bearer abcdef.ghijkl-mnopqr',
      'https://x.test/?key=AbCdEf123',
      'https://user:hunter22@x.test/',
    ];
    const record = await logged(() => Promise.reject(new GatewayError('upstream_authentication', `Wrong: ${forms.join(' ; ')}`)), {
      ctx: callOf({ model: KEY }, { source: { credentials: [`${KEY}/+`] } }),
      secrets: () => [KEY],
      quoteErrors: true,
    });
    const text = JSON.stringify(record);
    for (const secret of [...forms.slice(0, 5), 'abcdef.ghijkl', 'AbCdEf123', 'hunter22']) expect(text).not.toContain(secret);
    expect(record.message).toContain('[redacted]');
    expect(record.model).toBe('[redacted]');
  });

  it.each([
    'invalid_json',
    'invalid_request',
    'upstream_bad_request',
    'content_policy_violation',
    'context_length_exceeded',
    'upstream_error',
    'internal',
    'model_not_found',
  ] as const)('says nothing of the prompt when %s quotes it, unless told to (P55)', async (code) => {
    const fail = (): Promise<never> => Promise.reject(new GatewayError(code, `Cannot do '${PROMPT}'`));
    const ctx = () => callOf({ messages: [{ role: 'user', content: PROMPT }] });
    expect(JSON.stringify(await logged(fail, { ctx: ctx() }))).not.toContain('penguins');
    expect((await logged(fail, { ctx: ctx(), quoteErrors: true })).message).toContain('penguins');
  });

  it('lets no caller fill the queue with a long name', async () => {
    const record = await logged(() => Promise.reject(new GatewayError('upstream_error', 'y'.repeat(1e6))), {
      ctx: callOf({ model: 'x '.repeat(1e6) }),
      quoteErrors: true,
    });
    expect(JSON.stringify(record).length).toBeLessThan(3000);
  });

  it('takes a name that is no text', async () => {
    expect((await logged(() => complete({}), { ctx: callOf({ model: 5 as never }) })).model).toBe('');
  });
});
