import assert from 'node:assert/strict';
import type { CallRecord, Sink } from '@sluice/core';
import type { ContractCase } from '../store/store-contract.ts';

/** A fresh sink, and a way to read back what it has written, one object a record. */
export type SinkUnderTest = { readonly sink: Sink; read(): Promise<readonly Readonly<Record<string, unknown>>[]> };

export type MakeSink = () => SinkUnderTest | Promise<SinkUnderTest>;

type Check = (made: SinkUnderTest) => Promise<void>;

const CASES: readonly (readonly [name: string, check: Check])[] = [
  ['has a name', async ({ sink }) => assert.ok(sink.name.length > 0)],
  [
    'writes every record, in order, with all it says',
    async ({ sink, read }) => {
      const records = [
        callRecord('a'),
        callRecord('b', { status: 'refused', code: 'rate_limited', message: 'a "quoted"\nmessage \u2028' }),
        callRecord('c', { status: 'aborted' }),
      ];
      await sink.write(records.slice(0, 2));
      await sink.write(records.slice(2));
      await sink.close?.();
      assert.deepEqual(
        (await read()).map(withoutExtras),
        records.map((record) => JSON.parse(JSON.stringify(record)) as unknown),
      );
    },
  ],
  [
    'takes a batch of none and a large one',
    async ({ sink, read }) => {
      await sink.write([]);
      await sink.write(Array.from({ length: 1000 }, (_, index) => callRecord(String(index))));
      await sink.close?.();
      assert.equal((await read()).length, 1000);
    },
  ],
  [
    'leaves the records as they are: other sinks have the same ones',
    async ({ sink }) => {
      const record = Object.freeze(callRecord('a'));
      await sink.write(Object.freeze([record]));
      await sink.close?.();
    },
  ],
  ['can be closed without having written', async ({ sink }) => sink.close?.()],
];

/**
 * Every rule that a sink keeps, as cases for any test runner.
 *
 * @example
 * for (const { name, run } of sinkContract(() => makeMine())) test(name, run);
 */
export function sinkContract(make: MakeSink): readonly ContractCase[] {
  return CASES.map(([name, check]) => ({ name, run: async () => check(await make()) }));
}

/** A call record to try a sink with. */
export function callRecord(id: string, fields: Partial<CallRecord> = {}): CallRecord {
  return {
    id,
    startedAt: '2026-01-02T03:04:05.678Z',
    operation: 'chat',
    model: 'fast',
    group: 'fast',
    deploymentId: 'd1',
    provider: 'demo',
    isStream: false,
    keyId: 'k1',
    userId: undefined,
    teamId: 't1',
    organizationId: undefined,
    projectId: undefined,
    endUserId: undefined,
    tags: undefined,
    policy: 'chat',
    clientAddress: '192.0.2.1',
    status: 'ok',
    code: undefined,
    message: undefined,
    usage: { inputTokens: 12, outputTokens: 34 },
    costNanoUsd: 5600,
    shadowed: undefined,
    retries: 0,
    fallbacks: 0,
    durationMs: 12.5,
    firstByteMs: 3.25,
    upstreamMs: 11,
    metadata: { plan: 'gold' },
    ...fields,
  };
}

/** A sink may add fields of its own, such as a level. */
function withoutExtras(read: Readonly<Record<string, unknown>>): unknown {
  const known = new Set(Object.keys(callRecord('x')));
  return Object.fromEntries(Object.entries(read).filter(([name]) => known.has(name)));
}
