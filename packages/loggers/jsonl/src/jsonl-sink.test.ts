import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callRecord, sinkContract } from '@sluice/testing';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { jsonlSink, sink } from './jsonl-sink.ts';

let folder = '';
let count = 0;

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'sluice-jsonl-'))));
afterAll(() => rm(folder, { recursive: true }));

const freshPath = (): string => join(folder, `new-${(count += 1)}`, 'calls.jsonl');
const readLines = async (path: string) =>
  (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the JSONL sink keeps the contract', () => {
  const cases = sinkContract(() => {
    const path = freshPath();
    return { sink: jsonlSink({ path }), read: () => readLines(path) };
  });
  for (const { name, run } of cases) test(name, run);
});

describe('the JSONL sink', () => {
  it('begins a new file when the old one was moved away', async () => {
    const path = freshPath();
    const made = jsonlSink({ path });
    await made.write([callRecord('a')]);
    await rename(path, `${path}.1`);
    await made.write([callRecord('b')]);
    expect([await readLines(`${path}.1`), await readLines(path)]).toMatchObject([[{ id: 'a' }], [{ id: 'b' }]]);
  });

  it('lets nobody but its owner read the file', async () => {
    const path = freshPath();
    await jsonlSink({ path }).write([callRecord('a')]);
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it('fails, and loses nothing in silence, where it cannot write', async () => {
    await expect(jsonlSink({ path: folder }).write([callRecord('a')])).rejects.toThrow(/EISDIR/);
  });

  it('is made from a configuration file, and tells its mistakes', () => {
    expect(sink.create({ path: 'calls.jsonl' }).name).toBe('jsonl');
    expect(() => sink.create({ pat: 'x' })).toThrow(/path: .*missing[^]*pat: .*Did you mean 'path'/);
    expect(() => sink.create({ path: 5 })).toThrow(/path: It has to be a text/);
  });
});
