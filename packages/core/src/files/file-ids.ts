import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';

/** Where a request can name files for a model to see. */
const ROOTS = ['messages', 'input', 'images', 'mask', 'document', 'tools'] as const;
/** What only tells of files that were seen, and schemas, where the name means something else. */
const NO_NAMES: ReadonlySet<string> = new Set(['annotations', 'results', 'function', 'parameters', 'input_schema', 'schema']);
const ADDRESS = /^[a-z][a-z\d+.-]*:\/\//i;

type Replace = (id: string, place: string) => string;

/** Whether the text of a request can name a file at all: `file_id` is written out there, or with escapes. */
export function mayNameFiles(received: Uint8Array | undefined): boolean {
  if (received === undefined) return true;
  const text = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
  return text.includes('file_id') || text.includes('\\u');
}

/** The request with each id of a file (`file_id`, `file_ids`) as `replace` has it, at any depth; the very same where it changes none. Addresses are no ids. */
export function mapFileIds(request: ModelRequest, replace: Replace): ModelRequest {
  const changed = ROOTS.map((root) => [root, mapValue(request[root], root, replace)] as const).filter(([root, value]) => value !== request[root]);
  return changed.length === 0 ? request : { ...request, ...Object.fromEntries(changed) };
}

function mapValue(value: unknown, place: string, replace: Replace): unknown {
  if (Array.isArray(value)) return mapList(value, (item, index) => mapValue(item, `${place}[${index}]`, replace));
  if (value === null || typeof value !== 'object') return value;
  let changed: Record<string, unknown> | undefined;
  for (const [name, inner] of Object.entries(value as JsonObject)) {
    const mapped = mapField(name, inner, `${place}.${name}`, replace);
    if (mapped !== inner) (changed ??= { ...value })[name] = mapped;
  }
  return changed ?? value;
}

function mapField(name: string, value: unknown, place: string, replace: Replace): unknown {
  if (NO_NAMES.has(name)) return value;
  if (name === 'file_id' && isId(value)) return replace(value, place);
  if (name === 'file_ids' && Array.isArray(value)) return mapList(value, (id, index) => (isId(id) ? replace(id, `${place}[${index}]`) : id));
  return mapValue(value, place, replace);
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !ADDRESS.test(value);
}

/** The very same list where no item has changed. */
function mapList(list: readonly unknown[], map: (item: unknown, index: number) => unknown): readonly unknown[] {
  const mapped = list.map(map);
  return mapped.every((item, index) => item === list[index]) ? list : mapped;
}
