import { countedMessages, type JsonObject, type Mapping, type ProviderCall } from '@sluice/core';
import { messages, type MessagesHost } from './messages.ts';

/** What the tokens of a request depend on; everything else is refused there. */
const COUNTED = ['model', 'messages', 'system', 'tools', 'tool_choice', 'thinking', 'output_config'] as const;

/** The tokens of a chat request, as Messages would count them. https://docs.claude.com/en/api/messages-count-tokens */
export function countTokens(host: MessagesHost): Mapping {
  const { toWireBody = (body) => body } = host;
  const { needs = [], toError, toRequest } = messages({ ...host, toWireBody: (body) => toWireBody(counted(body)) });
  return { toRequest: (call) => toRequest(asChat(call)), needs, toError };
}

function counted(body: JsonObject): JsonObject {
  return Object.fromEntries(COUNTED.flatMap((field) => (body[field] === undefined ? [] : [[field, body[field]]])));
}

function asChat(call: ProviderCall): ProviderCall {
  const { prompt: _prompt, system: _system, ...rest } = call.request;
  return { ...call, request: { ...rest, messages: countedMessages(call.request) } };
}
