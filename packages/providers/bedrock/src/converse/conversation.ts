import { type ChatMessage, type JsonObject, type ToolCall, unsupportedParameter } from '@sluice/core';
import type { Family } from '../model-name.ts';
import type { Block } from '../wire.ts';
import { cachePoint, toBlocks } from './content.ts';
import { DocumentNames } from './documents.ts';
import { invalid, type Place } from './place.ts';

export type Turn = { readonly role: 'user' | 'assistant'; readonly content: Block[] };

export type Conversation = { readonly system: readonly Block[]; readonly messages: readonly Turn[]; readonly hasCalls: boolean };

/**
 * The messages as turns of user and assistant. What systems and developers say goes in front, wherever it stood, and
 * neighbours of one role become one turn, since the API has no other form for them.
 */
export function toConversation(messages: readonly ChatMessage[], { provider, family }: { readonly provider: string; readonly family: Family }): Conversation {
  const system: Block[] = [];
  const turns: Turn[] = [];
  const documents = new DocumentNames();

  function add(role: Turn['role'], blocks: readonly Block[]): void {
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else if (blocks.length > 0) turns.push({ role, content: [...blocks] });
  }

  messages.forEach((message, index) => {
    const place = { path: `messages[${index}]`, provider, documents };
    switch (message.role) {
      case 'system':
      case 'developer':
        system.push(...contentOf(message, place), ...cachePoint(message));
        break;
      case 'user':
        add('user', [...contentOf(message, place), ...cachePoint(message)]);
        break;
      case 'assistant':
        add('assistant', [...toAssistantBlocks(message, place), ...cachePoint(message)]);
        break;
      case 'tool':
        add('user', [toToolResult(message, place, family), ...cachePoint(message)]);
        break;
      case 'function':
        throw unsupportedParameter(`${place.path}.role`, provider, "it takes results of tools, in the role 'tool'");
    }
  });
  return { system, messages: turns, hasCalls: turns.some(({ content }) => content.some(({ toolUse, toolResult }) => toolUse ?? toolResult)) };
}

function contentOf({ content }: ChatMessage, place: Place): Block[] {
  return toBlocks(content, { ...place, path: `${place.path}.content` });
}

/** Thoughts come first, with the signatures that they were given: they are wanted back unchanged, before the calls they led to. */
function toAssistantBlocks(message: ChatMessage, place: Place): Block[] {
  for (const field of ['function_call', 'audio'])
    if (message[field] !== undefined && message[field] !== null) throw unsupportedParameter(`${place.path}.${field}`, place.provider);
  return [
    ...toThoughts(message),
    ...contentOf(message, place),
    ...(message.tool_calls ?? []).map((call, index) => toToolUse(call, `${place.path}.tool_calls[${index}]`)),
  ];
}

/** Thoughts without a signature are another provider's, and would be refused. */
function toThoughts({ thinking_blocks: thoughts }: ChatMessage): Block[] {
  const blocks: Block[] = [];
  for (const { type, thinking, signature, data } of (thoughts ?? []) as readonly JsonObject[]) {
    if (type === 'redacted_thinking' && typeof data === 'string') blocks.push({ reasoningContent: { redactedContent: data } });
    else if (typeof signature === 'string' && signature !== '') blocks.push({ reasoningContent: { reasoningText: { text: String(thinking), signature } } });
  }
  return blocks;
}

function toToolUse(call: ToolCall, path: string): Block {
  const { name, arguments: given } = call.function;
  return { toolUse: { toolUseId: toToolId(call.id), name, input: readArguments(given, `${path}.function.arguments`) } };
}

/** Where models can be told that a tool has failed. */
const KNOWS_STATUS: ReadonlySet<Family> = new Set<Family>(['claude', 'nova']);

function toToolResult(message: ChatMessage, place: Place, family: Family): Block {
  const { tool_call_id: id, is_error: isError, content: given } = message;
  if (typeof id !== 'string') throw invalid(`${place.path}.tool_call_id`, 'is missing');
  const content = typeof given === 'string' ? [{ text: given }] : contentOf(message, place);
  return { toolResult: { toolUseId: toToolId(id), content, ...(isError === true && KNOWS_STATUS.has(family) && { status: 'error' }) } };
}

/** Other providers' ids hold signs that Bedrock's must not, and a conversation may have begun with another provider. */
function toToolId(id: string): string {
  return id.replaceAll(/[^\w-]/g, '_').slice(0, 64);
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
