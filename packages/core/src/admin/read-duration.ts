const MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, hr: 3_600_000, d: 86_400_000, w: 604_800_000, mo: 2_592_000_000 };
const DURATION = /^([1-9]\d{0,5})(s|m|min|h|hr|d|w|mo)$/;

/** Milliseconds of `30s`, `5m`, `2h`, `7d`, `1w`, `1mo` (thirty days); LiteLLM's pages write `30min` and `1hr` as well. */
export function readDuration(text: string): number | undefined {
  const [, count, unit = ''] = DURATION.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (MS[unit] ?? 0);
}
