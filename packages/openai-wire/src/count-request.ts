import {
  type ChatMessage,
  type ContentPart,
  countedMessages,
  type JsonObject,
  type Mapping,
  type ModelRequest,
  type ProviderCall,
  unsupportedParameter,
} from '@sluice/core';
import type { EndpointOf } from './endpoint.ts';

/** Input tokens are counted of what Responses take, so a chat is put in their words. https://platform.openai.com/docs/api-reference/responses/input-tokens */
export function countRequest(endpointOf: EndpointOf): Mapping['toRequest'] {
  return (call) => {
    const { url, jsonHeaders } = endpointOf(call.deployment);
    return { url: url('tokens.count'), headers: jsonHeaders, body: JSON.stringify(toResponsesInput(call)) };
  };
}

function toResponsesInput(call: ProviderCall): JsonObject {
  const { tools } = call.request as ModelRequest & { readonly tools?: readonly JsonObject[] | null };
  return {
    model: call.deployment.model,
    input: countedMessages(call.request).flatMap((message, index) => toItems(message, `messages[${index}]`, call)),
    ...(tools && { tools: tools.map(toTool) }),
  };
}

function toItems(message: ChatMessage, place: string, call: ProviderCall): JsonObject[] {
  const { role, content, tool_calls: calls, tool_call_id: callId } = message;
  if (role === 'tool') return [{ type: 'function_call_output', call_id: callId, output: textOf(content) }];
  const isRead = role !== 'assistant' && Array.isArray(content);
  const said = isRead ? (content as readonly ContentPart[]).map((part, index) => toPart(part, `${place}.content[${index}]`, call)) : textOf(content);
  return [
    ...(said.length === 0 ? [] : [{ role: role === 'function' ? 'user' : role, content: said }]),
    ...(calls ?? []).map(({ id, function: { name, arguments: given } = {} }) => ({ type: 'function_call', call_id: id, name, arguments: given })),
  ];
}

function toPart(part: ContentPart, place: string, { deployment }: ProviderCall): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'image_url': {
      const { url, detail } = part.image_url as JsonObject;
      return { type: 'input_image', image_url: url, detail: detail ?? 'auto' };
    }
    case 'file': {
      const { file_data, file_id, filename } = part.file as JsonObject;
      return { type: 'input_file', ...(file_data !== undefined && { file_data }), ...(file_id !== undefined && { file_id }), filename: filename ?? 'file' };
    }
    default:
      throw unsupportedParameter(place, deployment.provider, `it does not count the tokens of '${part.type}'`);
  }
}

/** What stands below the type in a chat stands beside it there. Tools of a host's own have one form. */
function toTool(tool: JsonObject): JsonObject {
  if (tool.custom) return { type: 'custom', ...flat(tool.custom as JsonObject, 'format', 'grammar') };
  if (!tool.function) return tool;
  const { name, description, parameters, strict } = tool.function as JsonObject;
  return { type: 'function', name, ...(description !== undefined && { description }), parameters: parameters ?? null, strict: strict ?? null };
}

/** With the fields of `field.inner` in `field` itself. */
function flat(object: JsonObject, field: string, inner: string): JsonObject {
  const { [inner]: below, ...beside } = (object[field] ?? {}) as JsonObject;
  return below ? { ...object, [field]: { ...beside, ...(below as JsonObject) } } : object;
}

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return typeof content === 'string' ? content : '';
  return (content as readonly ContentPart[]).map(({ text, refusal }) => text ?? (typeof refusal === 'string' ? refusal : '')).join('');
}
