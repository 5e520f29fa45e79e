import { type ChatMessage, type JsonObject, type ToolCall, unsupportedParameter } from '@sluice/core';
import type { PromptMessage, PromptPart } from '../specification.ts';
import { invalid, optionsOf, type Place, textOf, toUserParts } from './parts.ts';

/** The messages in the AI SDK's form, one for one. */
export function toPrompt(messages: readonly ChatMessage[], provider: string): PromptMessage[] {
  const toolNames = new Map<string, string>();
  return messages.map((message, index) => {
    for (const { id, function: called } of message.tool_calls ?? []) toolNames.set(id, called.name);
    return { ...toMessage(message, { path: `messages[${index}]`, provider }, toolNames), ...optionsOf(message) };
  });
}

function toMessage(message: ChatMessage, place: Place, toolNames: ReadonlyMap<string, string>): PromptMessage {
  const content: Place = { ...place, path: `${place.path}.content` };
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: textOf(message.content, content) };
    case 'user':
      return { role: 'user', content: toUserParts(message.content, content) };
    case 'assistant':
      return { role: 'assistant', content: toAssistantParts(message, place) };
    case 'tool':
      return { role: 'tool', content: [toResult(message, place, toolNames)] };
    case 'function':
      throw unsupportedParameter(`${place.path}.role`, place.provider, "results of tools stand in the role 'tool'");
  }
}

/** Thoughts first, with what the provider said beside them: some want it back before the calls it led to. */
function toAssistantParts(message: ChatMessage, place: Place): PromptPart[] {
  for (const field of ['function_call', 'audio'])
    if (message[field] !== undefined && message[field] !== null) throw unsupportedParameter(`${place.path}.${field}`, place.provider);
  const said =
    typeof message.content === 'string' || !message.content ? (message.content ?? '') : textOf(message.content, { ...place, path: `${place.path}.content` });
  const text = said === '' && typeof message.refusal === 'string' ? message.refusal : said;
  return [
    ...toThoughts(message),
    ...(text === '' ? [] : [{ type: 'text', text }]),
    ...(message.tool_calls ?? []).map((call, index) => toCall(call, `${place.path}.tool_calls[${index}]`)),
  ];
}

function toThoughts({ thinking_blocks: blocks, reasoning_content: reasoning }: ChatMessage): PromptPart[] {
  if (Array.isArray(blocks) && blocks.length > 0) return (blocks as readonly JsonObject[]).map(toThought);
  return typeof reasoning === 'string' && reasoning !== '' ? [{ type: 'reasoning', text: reasoning }] : [];
}

/** Thoughts that Claude has signed by way of another provider are signed here too. */
function toThought({ type, thinking, data, signature, provider_metadata: metadata }: JsonObject): PromptPart {
  const signed =
    type === 'redacted_thinking' ? { anthropic: { redactedData: data } } : typeof signature === 'string' ? { anthropic: { signature } } : undefined;
  const options = metadata ?? signed;
  return { type: 'reasoning', text: typeof thinking === 'string' ? thinking : '', ...(options !== undefined && { providerOptions: options as never }) };
}

function toCall({ id, function: called, provider_metadata: metadata }: ToolCall, path: string): PromptPart {
  return {
    type: 'tool-call',
    toolCallId: id,
    toolName: called.name,
    input: readArguments(called.arguments, `${path}.function.arguments`),
    ...(metadata !== undefined && { providerOptions: metadata as never }),
  };
}

function toResult(message: ChatMessage, place: Place, toolNames: ReadonlyMap<string, string>): PromptPart {
  const { tool_call_id: id, name, is_error: isError } = message;
  if (typeof id !== 'string') throw invalid(`${place.path}.tool_call_id`, 'is missing');
  const toolName = toolNames.get(id) ?? name;
  if (typeof toolName !== 'string')
    throw invalid(`${place.path}.tool_call_id`, 'belongs to no call of a tool before it, and the message does not name the tool');
  const value = textOf(message.content, { ...place, path: `${place.path}.content` });
  return { type: 'tool-result', toolCallId: id, toolName, output: { type: isError === true ? 'error-text' : 'text', value } };
}

function readArguments(given: string | undefined, path: string): unknown {
  if (given === undefined || given.trim() === '') return {};
  try {
    return JSON.parse(given);
  } catch {
    throw invalid(path, 'is not JSON');
  }
}
