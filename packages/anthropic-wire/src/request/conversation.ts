import type { ChatMessage, ToolCall } from '@sluice/core';
import { callerOf } from '../reply/blocks.ts';
import { type Block, cacheControl, toBlocks } from './content.ts';
import { argumentsOf, callIdOf, signedThoughts, toToolId, toTurns, type Turns } from './turns.ts';

/** The messages as turns of user and assistant, with what systems and developers say in front. */
export function toConversation(messages: readonly ChatMessage[], provider: string): Turns<Block> {
  const contentOf = ({ content }: ChatMessage, path: string): Block[] => toBlocks(content, { path: `${path}.content`, provider });

  return toTurns<Block>(messages, provider, {
    content: (message, path) => marked(message, contentOf(message, path)),
    /**
     * Thoughts come first, with the signatures that the provider gave them: it wants them back unchanged, before the
     * calls they led to. Then what its own tools did, from which the text was made.
     */
    assistant: (message, path) =>
      marked(message, [
        ...signedThoughts(message).map((thought) => ('data' in thought ? { type: 'redacted_thinking', ...thought } : { type: 'thinking', ...thought })),
        ...((message.provider_content ?? []) as readonly Block[]),
        ...contentOf(message, path),
        ...(message.tool_calls ?? []).map((call, index) => toToolUse(call, `${path}.tool_calls[${index}]`)),
      ]),
    result: (message, path) => [toToolResult(message, path, contentOf)],
  });
}

/** `cache_control` of a whole message belongs to its last block. */
function marked(message: ChatMessage, blocks: readonly Block[]): readonly Block[] {
  const last = blocks.at(-1);
  return last === undefined || message.cache_control === undefined ? blocks : [...blocks.slice(0, -1), { ...cacheControl(message), ...last }];
}

function toToolUse(call: ToolCall, path: string): Block {
  return { type: 'tool_use', id: toToolId(call.id), name: call.function.name, input: argumentsOf(call, path), ...callerOf(call), ...cacheControl(call) };
}

function toToolResult(message: ChatMessage, path: string, contentOf: (message: ChatMessage, path: string) => Block[]): Block {
  const { content, is_error: isError } = message;
  const id = callIdOf(message, path);
  const blocks = typeof content === 'string' ? content : contentOf(message, path);
  return {
    type: 'tool_result',
    tool_use_id: id,
    ...(blocks.length > 0 && { content: blocks }),
    ...(isError === true && { is_error: true }),
    ...cacheControl(message),
  };
}
