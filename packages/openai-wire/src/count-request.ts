import { type ChatMessage, type ContentPart, type JsonObject, type Mapping, type ModelRequest, type ProviderCall, unsupportedParameter } from '@sluice/core';
import type { EndpointOf } from './endpoint.ts';

/** Input tokens are counted of what Responses take, so a chat is put in their words. https://platform.openai.com/docs/api-reference/responses/input-tokens */
export function countRequest(endpointOf: EndpointOf): Mapping['toRequest'] {
  return (call) => {
    const { url, jsonHeaders } = endpointOf(call.deployment);
    return { url: url('tokens.count'), headers: jsonHeaders, body: JSON.stringify(toResponsesInput(call)) };
  };
}

function toResponsesInput(call: ProviderCall): JsonObject {
  const { messages, prompt, system, tools } = call.request as ModelRequest & {
    readonly messages?: readonly ChatMessage[] | null;
    readonly tools?: readonly JsonObject[] | null;
  };
  const said = messages?.flatMap((message, index) => toItems(message, `messages[${index}]`, call)) ?? [{ role: 'user', content: [prompt].flat().join('\n') }];
  return {
    model: call.deployment.model,
    input: said,
    ...(system !== undefined && system !== null && { instructions: textOf(system) }),
    ...(tools && { tools: tools.map(toTool) }),
  };
}

function toItems(message: ChatMessage, place: string, call: ProviderCall): JsonObject[] {
  const { role, content, tool_calls: calls, tool_call_id: callId } = message;
  if (role === 'tool') return [{ type: 'function_call_output', call_id: callId, output: textOf(content) }];
  const isAnswer = role === 'assistant';
  const parts = typeof content === 'string' ? content : content?.map((part, index) => toPart(part, isAnswer, `${place}.content[${index}]`, call));
  return [
    ...(parts === undefined || parts === null ? [] : [{ role, content: parts }]),
    ...(calls ?? []).map(({ id, function: { name, arguments: given } = {} }) => ({ type: 'function_call', call_id: id, name, arguments: given })),
  ];
}

function toPart(part: ContentPart, isAnswer: boolean, place: string, { deployment }: ProviderCall): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: isAnswer ? 'output_text' : 'input_text', text: part.text };
    case 'refusal':
      return part;
    case 'image_url': {
      const { url, detail } = part.image_url as JsonObject;
      return { type: 'input_image', image_url: url, detail: detail ?? 'auto' };
    }
    case 'file':
      return { type: 'input_file', ...(part.file as JsonObject) };
    default:
      throw unsupportedParameter(place, deployment.provider, `it does not count the tokens of '${part.type}'`);
  }
}

function toTool(tool: JsonObject): JsonObject {
  return tool.type === 'function' && tool.function ? { type: 'function', ...(tool.function as JsonObject) } : tool;
}

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return typeof content === 'string' ? content : '';
  return (content as readonly ContentPart[]).map(({ text = '' }) => text).join('');
}
