import { type ChatMessage, type JsonObject, type ToolCall, unsupportedParameter } from '@sluice/core';
import { callerOf } from '../reply/blocks.ts';
import { type Block, cacheControl, invalid, type Place, toBlocks } from './content.ts';

export type Turn = { readonly role: 'user' | 'assistant'; readonly content: Block[] };

export type Conversation = { readonly system: readonly Block[]; readonly messages: readonly Turn[] };

/**
 * The messages as turns of user and assistant. What systems and developers say goes in front, wherever it stood, and
 * neighbours of one role become one turn, since the API has no other form for them.
 */
export function toConversation(messages: readonly ChatMessage[], provider: string): Conversation {
  const system: Block[] = [];
  const turns: Turn[] = [];

  function add(role: Turn['role'], blocks: readonly Block[]): void {
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else if (blocks.length > 0) turns.push({ role, content: [...blocks] });
  }

  messages.forEach((message, index) => {
    const place = { path: `messages[${index}]`, provider };
    switch (message.role) {
      case 'system':
      case 'developer':
        system.push(...marked(message, contentOf(message, place)));
        break;
      case 'user':
        add('user', marked(message, contentOf(message, place)));
        break;
      case 'assistant':
        add('assistant', marked(message, toAssistantBlocks(message, place)));
        break;
      case 'tool':
        add('user', [toToolResult(message, place)]);
        break;
      case 'function':
        throw unsupportedParameter(`${place.path}.role`, provider, "it takes results of tools, in the role 'tool'");
    }
  });
  return { system, messages: turns };
}

function contentOf({ content }: ChatMessage, { path, provider }: Place): Block[] {
  return toBlocks(content, { path: `${path}.content`, provider });
}

/** `cache_control` of a whole message belongs to its last block. */
function marked(message: ChatMessage, blocks: readonly Block[]): readonly Block[] {
  const last = blocks.at(-1);
  return last === undefined || message.cache_control === undefined ? blocks : [...blocks.slice(0, -1), { ...cacheControl(message), ...last }];
}

/**
 * Thoughts come first, with the signatures that the provider gave them: it wants them back unchanged, before the calls
 * they led to. Then what its own tools did, from which the text was made.
 */
function toAssistantBlocks(message: ChatMessage, place: Place): Block[] {
  for (const field of ['function_call', 'audio'])
    if (message[field] !== undefined && message[field] !== null) throw unsupportedParameter(`${place.path}.${field}`, place.provider);
  return [
    ...toThoughts(message),
    ...((message.server_content ?? []) as readonly Block[]),
    ...contentOf(message, place),
    ...(message.tool_calls ?? []).map((call, index) => toToolUse(call, `${place.path}.tool_calls[${index}]`)),
  ];
}

/** Thoughts that another provider has had bear no signature, and would be refused. */
function toThoughts({ thinking_blocks: thoughts }: ChatMessage): Block[] {
  const blocks: Block[] = [];
  for (const { type, thinking, signature, data } of (thoughts ?? []) as readonly JsonObject[]) {
    if (type === 'redacted_thinking') blocks.push({ type, data });
    else if (typeof signature === 'string' && signature !== '') blocks.push({ type: 'thinking', thinking, signature });
  }
  return blocks;
}

function toToolUse(call: ToolCall, path: string): Block {
  const { name, arguments: given } = call.function;
  return { type: 'tool_use', id: toToolId(call.id), name, input: readArguments(given, `${path}.function.arguments`), ...callerOf(call), ...cacheControl(call) };
}

function toToolResult(message: ChatMessage, place: Place): Block {
  const { content, tool_call_id: id, is_error: isError } = message;
  if (typeof id !== 'string') throw invalid(`${place.path}.tool_call_id`, 'is missing');
  const blocks = typeof content === 'string' ? content : contentOf(message, place);
  return {
    type: 'tool_result',
    tool_use_id: toToolId(id),
    ...(blocks.length > 0 && { content: blocks }),
    ...(isError === true && { is_error: true }),
    ...cacheControl(message),
  };
}

/** Other providers' ids hold signs that Anthropic's must not, and a conversation may have begun with another provider. */
function toToolId(id: string): string {
  return id.replaceAll(/[^\w-]/g, '_');
}

function readArguments(given: string | undefined, path: string): JsonObject {
  if (given === undefined || given.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(given);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Told below, as what is JSON but no object.
  }
  throw invalid(path, 'is not a JSON object');
}
