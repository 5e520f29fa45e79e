const NANO_PER_USD = 1_000_000_000;
const ZERO = 48;

/**
 * Decimal dollars as whole nano-dollars, exactly: the text is read, not a float.
 * @throws RangeError for what is not a finite decimal number, or beyond 9 million dollars.
 */
export function toNanoUsd(usd: string | number): number {
  const match = /^(-?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(String(usd).trim());
  if (!match) throw new RangeError(`'${usd}' is not an amount of dollars`);
  const [, sign, whole = '0', fraction = '', exponent = '0'] = match;
  const shift = 9 + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  const nano = shift >= 0 ? digits * 10n ** BigInt(shift) : roundedQuotient(digits, 10n ** BigInt(-shift));
  const value = Number(sign === '-' ? -nano : nano);
  if (!Number.isSafeInteger(value)) throw new RangeError(`'${usd}' dollars cannot be counted exactly`);
  return value;
}

/** Whole nano-dollars as decimal dollars, without trailing zeros: `0.0000015`. */
export function formatUsd(nanoUsd: number): string {
  const sign = nanoUsd < 0 ? '-' : '';
  const absolute = Math.abs(nanoUsd);
  const rest = absolute % NANO_PER_USD;
  const whole = (absolute - rest) / NANO_PER_USD;
  if (rest === 0) return `${sign}${whole}`;
  // Led by a one, so that its zeros at the front stay.
  const digits = String(NANO_PER_USD + rest);
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === ZERO) end -= 1;
  return `${sign}${whole}.${digits.slice(1, end)}`;
}

function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor / 2n) / divisor;
}
