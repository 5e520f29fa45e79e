import { describe, expect, it } from 'vitest';
import { ObjectIds, type ObjectRef } from './object-ids.ts';

const ref: ObjectRef = { deployment: 'openai/gpt', model: 'größe', upstreamId: 'file-abc', place: 3, boundNanoUsd: 12 };
const batch: ObjectRef = {
  deployment: 'd',
  model: 'm',
  upstreamId: 'batch_1',
  place: 1,
  batch: { heldNanoUsd: 5, at: 1, inputUpstreamId: 'file-abc', inputPlace: 3, inputBoundNanoUsd: 12, openPlace: 1 },
};

describe('ObjectIds', () => {
  const ids = new ObjectIds('a secret');

  it('reads what it has written, also in another process with the same secret', () => {
    const id = ids.write('file', 'ann', ref);
    expect(id).toMatch(/^file-[\w-]+$/);
    expect(new ObjectIds('a secret').read('file', 'ann', id)).toEqual(ref);
    expect(ids.write('file', 'ann', ref)).toBe(id);
    expect(new ObjectIds('a newer secret', 'a secret').read('file', 'ann', id)).toEqual(ref);
    expect(ids.read('batch', 'ann', ids.write('batch', 'ann', batch))).toEqual(batch);
  });

  it("knows no id of another key, another kind or another secret, and none of a provider's", () => {
    const id = ids.write('file', 'ann', ref);
    expect(ids.read('file', 'ben', id)).toBeUndefined();
    expect(ids.read('batch', 'ann', id.replace('file-', 'batch_'))).toBeUndefined();
    expect(new ObjectIds('another secret').read('file', 'ann', id)).toBeUndefined();
    expect(new ObjectIds().read('file', 'ann', new ObjectIds().write('file', 'ann', ref))).toBeUndefined();
    for (const other of ['file-abc', 'file-', '', 'file-%', `file-${'A'.repeat(30)}`, 'x'.repeat(1e6)]) expect(ids.read('file', 'ann', other)).toBeUndefined();
  });

  it('knows no id of which any bit was changed', () => {
    const bytes = Buffer.from(ids.write('file', 'ann', ref).slice('file-'.length), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(ids.read('file', 'ann', `file-${changed.toString('base64url')}`)).toBeUndefined();
    }
  });
});
