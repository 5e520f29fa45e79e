import { GatewayError } from '../../errors/gateway-error.ts';
import type { ToolCall } from '../../types/chat.ts';
import type { JsonObject } from '../../types/json.ts';
import type { ToolHandler, ToolResult } from './tool-run.ts';

export type ToolCallsOptions = {
  readonly handlers: Readonly<Record<string, ToolHandler>>;
  readonly round: number;
  readonly maxParallelCalls: number;
  readonly signal: AbortSignal;
};

/**
 * Runs the calls of one answer, so many at a time, and gives their results in the order of the calls. Whatever goes
 * wrong with one is its result.
 * @throws GatewayError `aborted` as soon as the signal aborts; handlers under way are told by their signal.
 */
export async function callTools(calls: readonly ToolCall[], options: ToolCallsOptions): Promise<readonly ToolResult[]> {
  const results: ToolResult[] = [];
  const waiting = calls.entries();
  async function work(): Promise<void> {
    for (const [index, call] of waiting) {
      options.signal.throwIfAborted();
      results[index] = await callTool(call, options);
    }
  }
  await untilAborted(Promise.all(Array.from({ length: Math.min(options.maxParallelCalls, calls.length) }, work)), options.signal);
  return results;
}

async function callTool(toolCall: ToolCall, { handlers, round, signal }: ToolCallsOptions): Promise<ToolResult> {
  const { name, arguments: given } = toolCall.function;
  const failed = (content: string): ToolResult => ({ toolCall, content, isError: true });
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (!handler) return failed(`There is no tool '${name}'. There are: ${Object.keys(handlers).join(', ')}.`);
  const args = readArguments(given);
  if (typeof args === 'string') return failed(args);
  try {
    return { toolCall, content: toText(await handler(args, { toolCall, round, signal })), isError: false };
  } catch (error) {
    return failed(`The tool failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The arguments, or in words what is wrong with them. */
function readArguments(given: string | undefined): JsonObject | string {
  if (given === undefined || given.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(given);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
    return 'The arguments have to be a JSON object.';
  } catch (error) {
    return `The arguments are not JSON: ${(error as Error).message}`;
  }
}

function toText(result: unknown): string {
  return typeof result === 'string' ? result : (JSON.stringify(result) ?? '');
}

/** A handler that does not listen to its signal keeps nobody waiting. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(new GatewayError('aborted', 'The caller has left'));
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
