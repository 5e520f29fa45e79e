import { type ChatMessage, GatewayError, type JsonObject, type ToolCall, unsupportedParameter } from '@sluice/core';
import { toContent } from './content.ts';

/** Ollama finds the call that a result belongs to by the name of the tool. */
export function toMessages(messages: readonly ChatMessage[], provider: string): readonly JsonObject[] {
  const toolNames = new Map<unknown, string>();
  return messages.map((message, index) => {
    const place = { path: `messages[${index}]`, provider };
    const content = toContent(message.content, { ...place, path: `${place.path}.content` });
    switch (message.role) {
      case 'developer':
        return { role: 'system', ...content };
      case 'assistant':
        for (const { id, function: called } of message.tool_calls ?? []) toolNames.set(id, called.name);
        return { role: 'assistant', ...content, ...toThoughts(message), ...toCalls(message, place.path) };
      case 'tool': {
        const name = toolNames.get(message.tool_call_id) ?? message.name;
        return { role: 'tool', ...content, ...(typeof name === 'string' && { tool_name: name }) };
      }
      case 'function':
        throw unsupportedParameter(`${place.path}.role`, provider, "it takes results of tools, in the role 'tool'");
      default:
        return { role: message.role, ...content };
    }
  });
}

function toThoughts({ reasoning_content: thoughts }: ChatMessage): JsonObject {
  return typeof thoughts === 'string' && thoughts !== '' ? { thinking: thoughts } : {};
}

function toCalls({ tool_calls: given }: ChatMessage, path: string): JsonObject {
  const calls = given ?? [];
  return calls.length === 0 ? {} : { tool_calls: calls.map((call, index) => toCall(call, `${path}.tool_calls[${index}].function.arguments`)) };
}

function toCall({ function: { name, arguments: given } }: ToolCall, path: string): JsonObject {
  return { type: 'function', function: { name, arguments: readArguments(given, path) } };
}

function readArguments(given: string | undefined, path: string): unknown {
  try {
    return given === undefined || given.trim() === '' ? {} : JSON.parse(given);
  } catch {
    throw new GatewayError('invalid_request', `'${path}' is not JSON`, { param: path });
  }
}
