import type { ChatMessage, ChatRequest, ModelRequest, ToolCall } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import type { Deployment } from '../types/model.ts';
import { withoutPath } from './without-path.ts';

/** What an API refuses a conversation for, and an amendment can set right. */
export type ConversationNeed =
  /** The first message that is not the system's is the user's. */
  | 'user-first'
  /** No message of the user's is empty. */
  | 'text-in-questions'
  /** Tools are described wherever the conversation holds calls of them. */
  | 'tools-for-calls'
  /** Every tool call is followed by its result, and every result follows its call. */
  | 'results-for-calls'
  /** Who asks for thoughts sends back the signed thoughts that led to the calls so far. */
  | 'thoughts-for-calls';

/** What stands where an API wants words and there are none. */
const NO_WORDS = '.';
const NO_TOOL = {
  type: 'function',
  function: { name: 'no_tool', description: 'Does nothing. Do not call it.', parameters: { type: 'object', properties: {} } },
};
const NO_RESULT = 'There is no result of this call.';

/**
 * The request as the deployment's rules would have it sent: without what they drop, and where they say `modify` so
 * that an API with these needs does not refuse it. Gives back its very argument where nothing has to change.
 */
export function amendedRequest(
  request: ModelRequest,
  { parameterRules: rules, maxOutputTokens }: Deployment,
  needs: readonly ConversationNeed[],
): ModelRequest {
  if (!rules) return request;
  const kept = (rules.drop ?? []).reduce<ModelRequest>((rest, path) => withoutPath(rest, path) as ModelRequest, request);
  if (rules.modify !== true) return kept;
  const fitting = withinLimit(kept, maxOutputTokens);
  if (!Array.isArray(fitting.messages)) return fitting;
  return needs.reduce<ChatRequest>((amended, need) => AMENDMENTS[need](amended), fitting as ChatRequest);
}

function withinLimit(request: ModelRequest, limit = Number.POSITIVE_INFINITY): ModelRequest {
  const over = ['max_tokens', 'max_completion_tokens'].filter((field) => Number(request[field] ?? 0) > limit);
  return over.length === 0 ? request : { ...request, ...Object.fromEntries(over.map((field) => [field, limit])) };
}

const AMENDMENTS: Readonly<Record<ConversationNeed, (request: ChatRequest) => ChatRequest>> = {
  'user-first': withUserFirst,
  'text-in-questions': withTextInQuestions,
  'tools-for-calls': (request) => (hasCalls(request) && !hasItems(request.tools) && !hasItems(request.functions) ? { ...request, tools: [NO_TOOL] } : request),
  'results-for-calls': withResults,
  'thoughts-for-calls': withoutThinking,
};

function withUserFirst(request: ChatRequest): ChatRequest {
  const { messages } = request;
  const first = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  if (messages[first]?.role === 'user') return request;
  const at = first < 0 ? messages.length : first;
  return { ...request, messages: [...messages.slice(0, at), { role: 'user', content: NO_WORDS }, ...messages.slice(at)] };
}

function withTextInQuestions(request: ChatRequest): ChatRequest {
  const isEmpty = ({ role, content }: ChatMessage): boolean =>
    role === 'user' && (typeof content === 'string' ? content.trim() === '' : !(content ?? []).some(({ type, text }) => type !== 'text' || text?.trim()));
  if (!request.messages.some(isEmpty)) return request;
  return { ...request, messages: request.messages.map((message) => (isEmpty(message) ? { ...message, content: NO_WORDS } : message)) };
}

function withResults(request: ChatRequest): ChatRequest {
  const messages: ChatMessage[] = [];
  let open: readonly ToolCall[] = [];
  const close = (): void => {
    messages.push(...open.map(({ id }): ChatMessage => ({ role: 'tool', tool_call_id: id, content: NO_RESULT })));
    open = [];
  };
  for (const message of request.messages) {
    if (message.role === 'tool') {
      const answered = open.find(({ id }) => id === message.tool_call_id);
      if (answered) messages.push(message);
      open = open.filter((call) => call !== answered);
      continue;
    }
    close();
    messages.push(message);
    open = message.tool_calls ?? [];
  }
  close();
  return messages.length === request.messages.length && messages.every((message, index) => message === request.messages[index])
    ? request
    : { ...request, messages };
}

/** Thoughts that were not kept cannot be sent back; then the model has to go on without. */
function withoutThinking(request: ChatRequest): ChatRequest {
  const last = request.messages.findLast(({ tool_calls: calls }) => hasItems(calls));
  const asks = request.thinking !== undefined || request.reasoning_effort !== undefined;
  if (!last || hasItems(last.thinking_blocks) || !asks) return request;
  const { thinking, reasoning_effort: effort, ...rest } = request as JsonObject;
  return rest as ChatRequest;
}

function hasCalls({ messages }: ChatRequest): boolean {
  return messages.some(({ role, tool_calls: calls }) => role === 'tool' || hasItems(calls));
}

function hasItems(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
