import type { JsonObject, Mapping, ProviderCall } from '@sluice/core';
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

/** A prompt is counted as a question, and a system text of Anthropic's kind as a message. */
function asChat(call: ProviderCall): ProviderCall {
  const { prompt, system, messages: said, ...rest } = call.request as JsonObject & ProviderCall['request'];
  const asked = Array.isArray(said) ? (said as readonly JsonObject[]) : [prompt].flat().map((content) => ({ role: 'user', content }));
  return { ...call, request: { ...rest, messages: [...(system === undefined || system === null ? [] : [{ role: 'system', content: system }]), ...asked] } };
}
