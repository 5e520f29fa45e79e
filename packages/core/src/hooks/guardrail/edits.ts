import type { Edit } from '../../types/guardrail.ts';

/**
 * Edits in order, overlapping ones as one edit with the first one's replacement: what two findings share
 * leaves no part of either behind.
 */
export function merged(edits: readonly Edit[]): readonly Edit[] {
  if (edits.length < 2) return edits;
  const result: Edit[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last && edit.start < last.end) result[result.length - 1] = { ...last, end: Math.max(last.end, edit.end) };
    else result.push(edit);
  }
  return result;
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, replacement } of merged(edits)) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}
