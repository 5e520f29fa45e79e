import { expect, it } from 'vitest';
import { Carry } from './carry.ts';

const MIB = 1024 * 1024;

it('keeps an event of any size up to its limit, and gives it back whole', () => {
  const carry = new Carry(16 * MIB);
  for (let round = 0; round < 3; round += 1) {
    for (let count = 0; count < 160; count += 1) carry.keep(Buffer.alloc(MIB / 10, count));
    const taken = carry.takeWith(Buffer.from('!'));
    expect([taken.length, taken[0], taken.at(-2), taken.at(-1)]).toEqual([160 * Math.floor(MIB / 10) + 1, 0, 159, 33]);
    expect([carry.isEmpty, carry.heldBytes < 10_000]).toEqual([true, true]);
  }
  expect(() => carry.keep(Buffer.alloc(16 * MIB + 1))).toThrow(/an event over/);
});

it('holds only so much in all streams together: the longest event has to go, and the others go on (P23)', () => {
  const carries = Array.from({ length: 10 }, () => new Carry(16 * MIB));
  const modest = new Carry(16 * MIB);
  const gone = new Set<Carry>();
  for (let count = 0; count < 15; count += 1) {
    if (count === 0) modest.keep(Buffer.alloc(MIB));
    for (const carry of carries) {
      try {
        if (!gone.has(carry)) carry.keep(Buffer.alloc(MIB));
      } catch (error) {
        expect(error).toMatchObject({ code: 'upstream_invalid_answer' });
        gone.add(carry);
      }
    }
    const held = [...carries, modest].reduce((sum, { heldBytes }) => sum + heldBytes, 0);
    expect(held).toBeLessThanOrEqual(24 * MIB);
  }
  expect(gone.size).toBeGreaterThan(5);
  expect(gone.size).toBeLessThan(10);
  expect(modest.takeWith(Buffer.from('!'))).toHaveLength(MIB + 1);
});
