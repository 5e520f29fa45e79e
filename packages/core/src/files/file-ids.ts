import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';

/** What only tells of files that were seen, or is for whoever keeps books, and schemas, where the name means something else. */
const NO_NAMES: ReadonlySet<string> = new Set(['annotations', 'results', 'metadata', 'function', 'parameters', 'input_schema', 'schema']);
const ADDRESS = /^[a-z][a-z\d+.-]*:\/\//i;

type Replace = (id: string, place: string) => string;

/** Whether a request can name a file at all: a look at its names costs a tenth of a search in its text. */
export function mayNameFiles(value: object): boolean {
  if (Array.isArray(value)) return value.some((item: unknown) => typeof item === 'object' && item !== null && mayNameFiles(item));
  for (const name in value) {
    if (name === 'file_id' || name === 'file_ids') return true;
    const item = (value as JsonObject)[name];
    if (typeof item === 'object' && item !== null && mayNameFiles(item)) return true;
  }
  return false;
}

/** The request with each id of a file (`file_id`, `file_ids`) as `replace` has it, at any depth; the very same where it changes none. Addresses are no ids. */
export function mapFileIds(request: ModelRequest, replace: Replace): ModelRequest {
  return mapFields(request, '', replace) as ModelRequest;
}

function mapValue(value: unknown, place: string, replace: Replace): unknown {
  if (Array.isArray(value)) return mapList(value, (item, index) => mapValue(item, `${place}[${index}]`, replace));
  return value === null || typeof value !== 'object' ? value : mapFields(value as JsonObject, `${place}.`, replace);
}

function mapFields(object: JsonObject, before: string, replace: Replace): JsonObject {
  let changed: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(object)) {
    const mapped = mapField(name, value, `${before}${name}`, replace);
    if (mapped !== value) (changed ??= { ...object })[name] = mapped;
  }
  return changed ?? object;
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
