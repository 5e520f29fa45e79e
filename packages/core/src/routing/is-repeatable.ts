import type { Context } from '../pipeline/context.ts';
import type { Operation } from '../types/call.ts';

/** Operations of which two answers do no more than one. */
const REPEATABLE: ReadonlySet<Operation> = new Set<Operation>(['chat', 'completions', 'embeddings', 'moderations', 'rerank', 'responses', 'tokens.count']);
const RUN_BY_THE_CALLER: ReadonlySet<unknown> = new Set(['function', 'custom']);

/**
 * Whether a call may be answered more than once at the same time: nothing is uploaded, nothing is kept at the
 * provider, and no tool is run there that could do something in the world.
 */
export function isRepeatable({ operation, request, upload }: Context): boolean {
  if (!REPEATABLE.has(operation) || upload) return false;
  if (operation === 'responses' && request.store !== false) return false;
  return !isSet(request.web_search_options) && request.store !== true && !keepsState(request) && toolsOf(request.tools).every(isRunByTheCaller);
}

function keepsState({ background, conversation, previous_response_id: previous }: Context['request']): boolean {
  return background === true || isSet(conversation) || isSet(previous);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function toolsOf(tools: unknown): readonly unknown[] {
  return Array.isArray(tools) ? tools : [];
}

function isRunByTheCaller(tool: unknown): boolean {
  return typeof tool === 'object' && tool !== null && 'type' in tool && RUN_BY_THE_CALLER.has(tool.type);
}
