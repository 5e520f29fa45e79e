import { argumentsOf, callIdOf, signedThoughts, toToolId, toTurns, type Turns } from '@sluice/anthropic-wire';
import type { ChatMessage, ToolCall } from '@sluice/core';
import type { Family } from '../model-name.ts';
import type { Block } from '../wire.ts';
import { cachePoint, toBlocks } from './content.ts';
import { DocumentNames } from './documents.ts';

export type Conversation = Turns<Block> & { readonly hasCalls: boolean };

const LONGEST_ID = 64;

/** Where models can be told that a tool has failed. */
const KNOWS_STATUS: ReadonlySet<Family> = new Set<Family>(['claude', 'nova']);

/** The messages as turns of user and assistant, with what systems and developers say in front. */
export function toConversation(messages: readonly ChatMessage[], { provider, family }: { readonly provider: string; readonly family: Family }): Conversation {
  const documents = new DocumentNames();
  const contentOf = ({ content }: ChatMessage, path: string): Block[] => toBlocks(content, { path: `${path}.content`, provider, documents });

  function toToolResult(message: ChatMessage, path: string): Block {
    const { is_error: isError, content: given } = message;
    const toolUseId = callIdOf(message, path).slice(0, LONGEST_ID);
    const content = typeof given === 'string' ? [{ text: given }] : contentOf(message, path);
    return { toolResult: { toolUseId, content, ...(isError === true && KNOWS_STATUS.has(family) && { status: 'error' }) } };
  }

  const turns = toTurns<Block>(messages, provider, {
    content: (message, path) => [...contentOf(message, path), ...cachePoint(message)],
    /** Thoughts come first: they are wanted back unchanged, before the calls they led to. */
    assistant: (message, path) => [
      ...toThoughts(message),
      ...contentOf(message, path),
      ...(message.tool_calls ?? []).map((call, index) => toToolUse(call, `${path}.tool_calls[${index}]`)),
      ...cachePoint(message),
    ],
    result: (message, path) => [toToolResult(message, path), ...cachePoint(message)],
  });
  return { ...turns, hasCalls: turns.messages.some(({ content }) => content.some(({ toolUse, toolResult }) => toolUse ?? toolResult)) };
}

function toThoughts(message: ChatMessage): readonly Block[] {
  return signedThoughts(message).flatMap((thought): readonly Block[] => {
    if (!('data' in thought)) return [{ reasoningContent: { reasoningText: { text: thought.thinking, signature: thought.signature } } }];
    return typeof thought.data === 'string' ? [{ reasoningContent: { redactedContent: thought.data } }] : [];
  });
}

function toToolUse(call: ToolCall, path: string): Block {
  return { toolUse: { toolUseId: toToolId(call.id).slice(0, LONGEST_ID), name: call.function.name, input: argumentsOf(call, path) } };
}
