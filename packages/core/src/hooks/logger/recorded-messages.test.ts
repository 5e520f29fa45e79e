import { describe, expect, it } from 'vitest';
import type { Context } from '../../pipeline/context.ts';
import { screened } from '../../pipeline/screened.ts';
import type { Reply } from '../../types/call.ts';
import type { CallRecord } from '../../types/record.ts';
import { callOf, complete, runHook, streamOf } from '../hook-bench.test.support.ts';
import { logger, type LoggerOptions } from './logger.ts';

async function logged(reply: Reply, ctx: Context, options: Partial<LoggerOptions> = {}): Promise<CallRecord> {
  const records: CallRecord[] = [];
  const hook = logger({ sinks: [{ name: 'list', write: (batch) => void records.push(...batch) }], onError: () => undefined, ...options });
  await runHook(hook, ctx, (at) => {
    at.set(screened, true);
    return reply;
  });
  await hook.close?.();
  expect(records).toHaveLength(1);
  return records[0] as CallRecord;
}

const answer = { id: 'x', choices: [{ index: 0, message: { role: 'assistant', content: 'penguins swim' } }] };

describe('what was said', () => {
  it('is in no record unless it was asked for (P55)', async () => {
    const record = await logged(complete(answer), callOf({ messages: [{ role: 'user', content: 'do penguins swim?' }], metadata: { note: 'p'.repeat(300) } }));
    expect(JSON.stringify(record)).not.toContain('penguins');
    expect(record).not.toHaveProperty('labels');
  });

  it('comes with the record where it was: the request as it went on, the answer as it left, and no credential', async () => {
    const ctx = callOf({ messages: [{ role: 'user', content: 'my key is sk-abcdefghijklmnop1234' }], metadata: { a: 'b' } });
    expect((await logged(complete(answer), ctx, { recordMessages: true })).said).toEqual({
      request: { model: 'm', messages: [{ role: 'user', content: 'my key is [redacted]' }] },
      answer,
    });
  });

  it('is put together from the pieces of a stream, which pass as they are', async () => {
    const piece = (content: string) => ({ id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] });
    const record = await logged(streamOf([[piece('pen')], [piece('gu'), piece('ins')]]), callOf({ stream: true }), { recordMessages: true });
    expect(record.said?.answer).toMatchObject({ choices: [{ message: { role: 'assistant', content: 'penguins' } }] });
  });

  it('is cut where it is long, and never goes into the ledger', async () => {
    const kept: CallRecord[] = [];
    const ledger = { append: async (record: CallRecord) => void kept.push(record) };
    const ctx = callOf({ messages: [{ role: 'user', content: 'x'.repeat(1e6) }] });
    const record = await logged(complete(answer), ctx, { recordMessages: true, ledger });
    expect(JSON.stringify(record.said).length).toBeLessThan(25_000);
    expect(JSON.stringify(record.said)).toContain('[and 980000 characters more]');
    expect(kept.map((one) => 'said' in one)).toEqual([false]);
  });
});

describe('labels', () => {
  it('are the short values of the metadata, without credentials', async () => {
    const metadata = { trace_id: 't-1', tags: ['a', 'b'], turn: 3, isTest: true, prompt: 'p'.repeat(201), nested: { a: 1 }, key: 'sk-abcdefghijklmnop1234' };
    const record = await logged(complete(answer), callOf({ metadata }));
    expect(record.labels).toEqual({ trace_id: 't-1', tags: ['a', 'b'], turn: 3, isTest: true, key: '[redacted]' });
  });

  it('are so many at most, whatever callers send', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`n${index}`, 'v']));
    expect(Object.keys((await logged(complete(answer), callOf({ metadata }))).labels ?? {})).toHaveLength(50);
  });
});
