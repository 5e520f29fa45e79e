import { callRecord, sinkContract } from '@sluice/testing';
import { pino } from 'pino';
import { describe, expect, it, test } from 'vitest';
import { pinoSink, sink } from './pino-sink.ts';

function captured() {
  const lines: string[] = [];
  const logger = pino({ base: null }, { write: (line) => void lines.push(line) });
  return { sink: pinoSink({ logger }), read: async () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('the pino sink keeps the contract', () => {
  for (const { name, run } of sinkContract(captured)) test(name, run);
});

describe('the pino sink', () => {
  it.each([
    ['ok', 30],
    ['cache_hit', 30],
    ['aborted', 30],
    ['refused', 40],
    ['error', 50],
  ] as const)('writes %s at level %d', async (status, level) => {
    const { sink: made, read } = captured();
    await made.write([callRecord('a', { status })]);
    expect((await read())[0]).toMatchObject({ status, level, msg: 'call' });
  });

  it('is made from a configuration file, and tells its mistakes', () => {
    expect(sink.create({ name: 'console' }).name).toBe('console');
    expect(() => sink.create({ nam: 'x' })).toThrow(/nam: .*Did you mean 'name'/);
    expect(() => sink.create({ name: 5 })).toThrow(/name: It has to be a text/);
  });
});
