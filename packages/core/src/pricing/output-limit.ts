import type { ModelRequest } from '../types/chat.ts';
import type { Operation } from '../types/call.ts';
import type { JsonObject } from '../types/json.ts';

/** By which fields a caller limits the output of each operation that writes text. Hosts skip fields they do not know. */
const LIMITS: Readonly<Record<string, readonly string[]>> = {
  chat: ['max_completion_tokens', 'max_tokens'],
  completions: ['max_tokens'],
  responses: ['max_output_tokens'],
};
const ALL_LIMITS = [...new Set(Object.values(LIMITS).flat())];

/**
 * The most output tokens a call may bring, over all of its choices: the caller's limit to one of them, else
 * `assumed`. Nothing for operations that write no text.
 */
export function maxOutputTokens(operation: Operation, request: ModelRequest, assumed: number): number {
  if (LIMITS[operation] === undefined) return 0;
  return (outputLimit(request, operation) ?? assumed) * choicesOf(request) * (operation === 'completions' ? promptsOf(request) : 1);
}

/** The limit to the output tokens of one choice. Of two limits the higher, because hosts differ in which one they keep. */
export function outputLimit(request: JsonObject, operation?: Operation): number | undefined {
  const names = operation === undefined ? ALL_LIMITS : (LIMITS[operation] ?? []);
  let limit: number | undefined;
  for (const name of names) {
    const own = positive(request[name]);
    if (own !== undefined && own > (limit ?? 0)) limit = own;
  }
  return limit;
}

function choicesOf({ n, best_of }: JsonObject): number {
  return Math.max(positive(n) ?? 1, positive(best_of) ?? 1);
}

/** Each of several prompts is continued, up to the limit. One may also be a list, of tokens. */
function promptsOf({ prompt }: JsonObject): number {
  return Array.isArray(prompt) && typeof prompt[0] !== 'number' ? Math.max(1, prompt.length) : 1;
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 1 && Number.isFinite(value) ? Math.ceil(value) : undefined;
}
