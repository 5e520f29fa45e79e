import { GatewayError } from '../errors/gateway-error.ts';
import type { ObjectShape } from '../requests/shape.ts';
import type { JsonObject } from '../types/json.ts';

type Schema = { readonly type?: string; readonly anyOf?: readonly Schema[]; readonly properties?: Readonly<Record<string, Schema>> };

/** A query as the input its shape describes: what has to be a number, a flag or a list there is made one. */
export function toQueryInput(shape: ObjectShape, query: string): JsonObject {
  const properties = (shape.schema as Schema).properties ?? {};
  const asked = new URLSearchParams(query);
  return Object.fromEntries([...new Set(asked.keys())].map((name) => [name, toValue(name, asked.getAll(name), typeOf(properties[name]))]));
}

function toValue(name: string, texts: readonly string[], type: string | undefined): unknown {
  if (type === 'array') return texts.flatMap((text) => text.split(','));
  if (texts.length > 1) throw new GatewayError('invalid_request', `${name} is there more than once`, { param: name });
  const [text = ''] = texts;
  if ((type === 'number' || type === 'integer') && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (type === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return text;
}

function typeOf(schema: Schema | undefined): string | undefined {
  return schema?.type ?? schema?.anyOf?.find(({ type }) => type !== 'null')?.type;
}
