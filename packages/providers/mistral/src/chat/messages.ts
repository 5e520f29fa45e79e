import { type ChatMessage, type ContentPart, type JsonObject, type ToolCall, unsupportedParameter } from '@sluice/core';
import { omit } from '@sluice/openai-wire';
import { withoutNulls } from '../without-nulls.ts';
import { toContent } from './content.ts';
import { toToolId } from './tool-id.ts';

/** What answers of other hosts carry, and callers send back with them. Mistral refuses what it does not know. */
const FOREIGN = [
  ...['refusal', 'audio', 'annotations', 'function_call', 'reasoning_content', 'reasoning', 'reasoning_details', 'thinking_blocks'],
  ...['content_parts', 'provider_specific_fields', 'extra_content', 'citations', 'images', 'cache_control'],
];

/** The very same list where nothing has to change. */
export function toMessages(messages: readonly ChatMessage[], provider: string): readonly ChatMessage[] {
  const mapped = messages.map((message, index) => toMessage(message, { path: `messages[${index}]`, provider }));
  return mapped.every((message, index) => message === messages[index]) ? messages : mapped;
}

type Place = { readonly path: string; readonly provider: string };

function toMessage(message: ChatMessage, place: Place): ChatMessage {
  switch (message.role) {
    case 'function':
      throw unsupportedParameter(`${place.path}.role`, place.provider, "it takes results of tools, in the role 'tool'");
    case 'assistant':
      return toAssistant(message, place);
    case 'tool':
      return changed(message, {
        ...contentOf(message, place),
        ...(typeof message.tool_call_id === 'string' && { tool_call_id: toToolId(message.tool_call_id) }),
      });
    default:
      // Only results of tools have a name.
      return changed(message, { ...contentOf(message, place), ...(message.role === 'developer' && { role: 'system' }) }, ['name']);
  }
}

function toAssistant(message: ChatMessage, place: Place): ChatMessage {
  for (const field of ['function_call', 'audio'])
    if (message[field] !== undefined && message[field] !== null) throw unsupportedParameter(`${place.path}.${field}`, place.provider);
  const { tool_calls: calls } = message;
  return changed(message, { content: assistantContent(message, place), ...(calls && { tool_calls: toCalls(calls) }) }, ['name']);
}

/** Thoughts go back as the first part of what was said. */
function assistantContent(message: ChatMessage, place: Place): ChatMessage['content'] {
  const { refusal } = message;
  const said = contentOf(message, place).content ?? (typeof refusal === 'string' && refusal !== '' ? refusal : undefined);
  const thoughts = message.reasoning_content ?? message.reasoning;
  if (typeof thoughts !== 'string' || thoughts === '') return said ?? message.content;
  const rest: readonly ContentPart[] = typeof said === 'string' ? (said === '' ? [] : [{ type: 'text', text: said }]) : (said ?? []);
  return [{ type: 'thinking', thinking: [{ type: 'text', text: thoughts }] }, ...rest];
}

function contentOf({ content }: ChatMessage, { path, provider }: Place): Pick<ChatMessage, 'content'> {
  return Array.isArray(content)
    ? { content: toContent(content as readonly ContentPart[], { path: `${path}.content`, provider }) }
    : content === undefined
      ? {}
      : { content: content as string | null };
}

function toCalls(calls: readonly ToolCall[]): readonly ToolCall[] {
  const mapped = calls.map(toCall);
  return mapped.every((call, index) => call === calls[index]) ? calls : mapped;
}

function toCall(call: ToolCall): ToolCall {
  return changed(call, typeof call.id === 'string' ? { id: toToolId(call.id) } : {}, ['extra_content', 'provider_specific_fields', 'cache_control']);
}

/** `object` with other values for some fields and without others; itself where that makes no difference. */
function changed<T extends JsonObject>(object: T, fields: JsonObject, without: readonly string[] = []): T {
  const rest = omit(withoutNulls(object, 'content'), ...FOREIGN, ...without);
  const isSame = rest === object && Object.entries(fields).every(([name, value]) => object[name] === value);
  return isSame ? object : ({ ...rest, ...fields } as unknown as T);
}
