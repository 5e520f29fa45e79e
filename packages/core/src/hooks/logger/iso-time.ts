const SECOND_MS = 1000;

let second = Number.NaN;
let upToSecond = '';

/** As `toISOString`, of milliseconds since the epoch. Calls come many to the second, so that all but its thousandths is there. */
export function isoTime(epochMs: number): string {
  const whole = Math.floor(epochMs);
  const current = Math.floor(whole / SECOND_MS);
  if (current !== second) {
    second = current;
    upToSecond = new Date(current * SECOND_MS).toISOString().slice(0, -'000Z'.length);
  }
  return `${upToSecond}${String(whole - current * SECOND_MS).padStart(3, '0')}Z`;
}
