import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatUsd, toNanoUsd } from './money.ts';

const nano = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }).map((value) => value || 0);

describe('dollars to nano-dollars', () => {
  test.each([
    ['0', 0],
    ['1', 1_000_000_000],
    ['0.0000015', 1500],
    ['0.1', 100_000_000],
    [0.1, 100_000_000],
    [1.5e-6, 1500],
    ['1.5E-6', 1500],
    ['2.', 2_000_000_000],
    ['-0.25', -250_000_000],
    [' 3 ', 3_000_000_000],
    ['0.0000000004', 0],
    ['0.0000000005', 1],
    ['9007199.254740991', Number.MAX_SAFE_INTEGER],
  ])('%s', (usd, expected) => {
    expect(toNanoUsd(usd)).toBe(expected);
  });

  test.each(['', 'free', '1,5', '.5', '0x10', '1e', '--1', NaN, Infinity, '9007199.254740992', '1e30'])('%s is refused', (usd) => {
    expect(() => toNanoUsd(usd)).toThrow(RangeError);
  });
});

test('P09: every amount survives the way to text and back', () => {
  fc.assert(
    fc.property(nano, (amount) => {
      expect(toNanoUsd(formatUsd(amount))).toBe(amount);
    }),
  );
});

test('P09: the text is read digit by digit, whatever its length', () => {
  fc.assert(
    fc.property(fc.nat(9_000_000), fc.stringMatching(/^\d{0,9}$/), fc.stringMatching(/^0{0,20}$/), (whole, fraction, zeros) => {
      expect(BigInt(toNanoUsd(`${whole}.${fraction}${zeros}`))).toBe(BigInt(whole) * 10n ** 9n + BigInt(fraction.padEnd(9, '0')));
    }),
  );
});

test('P09: a million times $0.0000015 is $1.5', () => {
  let sum = 0;
  for (let count = 0; count < 1_000_000; count += 1) sum += toNanoUsd('0.0000015');
  expect(formatUsd(sum)).toBe('1.5');
});

test.each([
  [0, '0'],
  [1, '0.000000001'],
  [1500, '0.0000015'],
  [-250_000_000, '-0.25'],
  [1_000_000_000, '1'],
])('%i nano-dollars are written %s', (amount, text) => {
  expect(formatUsd(amount)).toBe(text);
});
