import type { ModelRequest } from '../types/chat.ts';

const NUMBERS: ReadonlySet<string> = new Set(['n', 'temperature', 'partial_images', 'output_compression', 'limit']);
const FLAGS: ReadonlySet<string> = new Set(['stream']);

/** The fields of a form as a request: what JSON would have as a number or a boolean is made one. */
export function toFormRequest(fields: Readonly<Record<string, string>>): ModelRequest {
  // A form without a model is refused as such when the caller is known.
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, toValue(name, text)])) as ModelRequest;
}

function toValue(name: string, text: string): unknown {
  if (NUMBERS.has(name)) return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  if (FLAGS.has(name) && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return text;
}
