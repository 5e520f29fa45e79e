import type { WireError } from './provider.ts';

/** The one form of HTTP's dates that does not say that it is in GMT: RFC 9110, 5.6.7. */
const BY_ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/** When a provider says a retry may help, in milliseconds from now: by seconds, a date, or OpenAI's own header in milliseconds. */
export function readRetryAfter(headers: WireError['headers']): number | undefined {
  const precise = Number(first(headers['retry-after-ms']) ?? Number.NaN);
  if (Number.isFinite(precise) && precise >= 0) return precise;
  const value = first(headers['retry-after']);
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (value.trim() !== '' && Number.isFinite(seconds)) return seconds >= 0 ? seconds * 1000 : undefined;
  const at = Date.parse(BY_ASCTIME.test(value) ? `${value} GMT` : value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

function first(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}
