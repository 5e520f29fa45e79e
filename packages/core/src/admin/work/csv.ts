import type { BytesReply } from '../../types/call.ts';

/** Rows as a file of CSV. */
export function csvReply(columns: readonly string[], rows: AsyncIterable<object> | Iterable<object>): BytesReply {
  return { kind: 'bytes', contentType: 'text/csv; charset=utf-8', chunks: csvLines(columns, rows) };
}

async function* csvLines(columns: readonly string[], rows: AsyncIterable<object> | Iterable<object>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${columns.join(',')}\r\n`);
  for await (const row of rows) yield Buffer.from(`${columns.map((name) => toCell((row as Readonly<Record<string, unknown>>)[name])).join(',')}\r\n`);
}

/** By RFC 4180. What a spreadsheet would take for a formula is made text: names in here are chosen by others. */
function toCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return toDecimal(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Written out to the nano-dollar, for not every spreadsheet reads `1.5e-8`. */
function toDecimal(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(9).replace(/\.?0+$/, '');
}
