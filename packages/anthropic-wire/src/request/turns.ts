import { type ChatMessage, type JsonObject, type ToolCall, unsupportedParameter } from '@sluice/core';
import { invalid } from './content.ts';

export type Turn<Block> = { readonly role: 'user' | 'assistant'; readonly content: Block[] };

export type Turns<Block> = { readonly system: readonly Block[]; readonly messages: readonly Turn<Block>[] };

/** How each kind of message is read as blocks. `path` is where the message stands in the request. */
export type MessageReaders<Block> = {
  /** What systems, developers and users say. */
  content(message: ChatMessage, path: string): readonly Block[];
  assistant(message: ChatMessage, path: string): readonly Block[];
  result(message: ChatMessage, path: string): readonly Block[];
};

/**
 * The messages as turns of user and assistant, for APIs that have no other form for them. What systems and developers say
 * goes in front, wherever it stood, and neighbours of one role become one turn.
 * @throws GatewayError `unsupported_parameter` for what belongs to functions, which tools have followed.
 */
export function toTurns<Block>(messages: readonly ChatMessage[], provider: string, readers: MessageReaders<Block>): Turns<Block> {
  const system: Block[] = [];
  const turns: Turn<Block>[] = [];

  function add(role: Turn<Block>['role'], blocks: readonly Block[]): void {
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else if (blocks.length > 0) turns.push({ role, content: [...blocks] });
  }

  messages.forEach((message, index) => {
    const path = `messages[${index}]`;
    switch (message.role) {
      case 'system':
      case 'developer':
        system.push(...readers.content(message, path));
        break;
      case 'user':
        add('user', readers.content(message, path));
        break;
      case 'assistant':
        for (const field of ['function_call', 'audio'])
          if (message[field] !== undefined && message[field] !== null) throw unsupportedParameter(`${path}.${field}`, provider);
        add('assistant', readers.assistant(message, path));
        break;
      case 'tool':
        add('user', readers.result(message, path));
        break;
      case 'function':
        throw unsupportedParameter(`${path}.role`, provider, "it takes results of tools, in the role 'tool'");
    }
  });
  return { system, messages: turns };
}

export type SignedThought = { readonly data: unknown } | { readonly thinking: string; readonly signature: string };

/** Thoughts that may go back: those that another provider has had bear no signature, and would be refused. */
export function signedThoughts({ thinking_blocks: thoughts }: ChatMessage): readonly SignedThought[] {
  return ((thoughts ?? []) as readonly JsonObject[]).flatMap(({ type, thinking, signature, data }): SignedThought | readonly [] => {
    if (type === 'redacted_thinking') return { data };
    return typeof signature === 'string' && signature !== '' ? { thinking: String(thinking), signature } : [];
  });
}

/** Other providers' ids hold signs that these must not, and a conversation may have begun with another provider. */
export function toToolId(id: string): string {
  return id.replaceAll(/[^\w-]/g, '_');
}

/** @throws GatewayError `invalid_request` for a result that names no call. */
export function callIdOf({ tool_call_id: id }: ChatMessage, path: string): string {
  if (typeof id !== 'string') throw invalid(`${path}.tool_call_id`, 'is missing');
  return toToolId(id);
}

/** The arguments of a call. @throws GatewayError `invalid_request` where they are no JSON object. */
export function argumentsOf({ function: { arguments: given } }: ToolCall, path: string): JsonObject {
  if (given === undefined || given.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(given);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Told below, as what is JSON but no object.
  }
  throw invalid(`${path}.function.arguments`, 'is not a JSON object');
}
