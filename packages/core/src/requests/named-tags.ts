import type { ModelRequest } from '../types/chat.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const NONE: readonly string[] = [];

/** The tags that a caller gives a call: by header, in `metadata.tags`, or in a field of their own. */
export function namedTags({ tags, metadata }: ModelRequest, headers: Headers | undefined): readonly string[] {
  const header = headers?.['x-sluice-tags'] ?? headers?.['x-litellm-tags'];
  if (header === undefined && !metadata && tags === undefined) return NONE;
  return [...listIn(header), ...textsIn((metadata as { readonly tags?: unknown } | null | undefined)?.tags), ...textsIn(tags)];
}

function listIn(header: string | readonly string[] | undefined): readonly string[] {
  if (header === undefined) return NONE;
  return [header]
    .flat()
    .flatMap((text) => text.split(','))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((tag) => typeof tag === 'string' && tag !== '') : NONE;
}
