import type { ModelRequest } from '../types/chat.ts';
import type { Operation } from '../types/call.ts';
import type { JsonObject } from '../types/json.ts';

const GENERATING: ReadonlySet<Operation> = new Set<Operation>(['chat', 'completions', 'responses']);

/**
 * The most output tokens a call may bring, over all of its choices: the caller's limit to one of them, else
 * `assumed`. Nothing for operations that write no text.
 */
export function maxOutputTokens(operation: Operation, request: ModelRequest, assumed: number): number {
  if (!GENERATING.has(operation)) return 0;
  return (outputLimit(request) ?? assumed) * choicesOf(request);
}

/** The caller's own limit to the output tokens of one choice. */
export function outputLimit({ max_completion_tokens, max_tokens, max_output_tokens }: JsonObject): number | undefined {
  return positive(max_completion_tokens) ?? positive(max_tokens) ?? positive(max_output_tokens);
}

function choicesOf({ n, best_of }: JsonObject): number {
  return Math.max(positive(n) ?? 1, positive(best_of) ?? 1);
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 1 && Number.isFinite(value) ? Math.ceil(value) : undefined;
}
