import type { FormValues } from '../types/upload.ts';
import type { ModelRequest } from '../types/chat.ts';

const NUMBERS: ReadonlySet<string> = new Set(['n', 'temperature', 'partial_images', 'output_compression', 'limit']);
const FLAGS: ReadonlySet<string> = new Set(['stream']);

/** The fields of a form as a request: what JSON would have as a number, a boolean or a list (`name[]`) is made one. */
export function toFormRequest(fields: FormValues): ModelRequest {
  // A form without a model is refused as such when the caller is known.
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, toValues(name, text)])) as ModelRequest;
}

function toValues(name: string, text: string | readonly string[]): unknown {
  if (typeof text !== 'string') return text.map((item) => toValue(name, item));
  return name.endsWith('[]') ? [toValue(name, text)] : toValue(name, text);
}

function toValue(name: string, text: string): unknown {
  if (NUMBERS.has(name)) return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  if (FLAGS.has(name) && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return text;
}
