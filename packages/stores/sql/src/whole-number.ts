/** A count or an amount as the database gives it: PostgreSQL writes large ones as text. @throws RangeError beyond 2^53. */
export function toNumber(value: unknown): number {
  const number = Number(value ?? 0);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${String(value)} is no whole number that can be counted with`);
  return number;
}
