import type { JsonObject, ModelRequest } from '@sluice/core';
import { piecesOf, usageOf } from './chat-wire.ts';
import type { Composed } from './compose-answer.ts';
import { textOf } from './scripted-answer.ts';

/** The answer in the form of the Responses API. */
export function response(request: ModelRequest, answer: Composed): JsonObject {
  const { prompt_tokens: input, completion_tokens: output, total_tokens: total } = usageOf(request, answer);
  return {
    id: 'resp_demo',
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: textOf(request.instructions) || null,
    metadata: {},
    model: request.model,
    output: itemsOf(answer),
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: total,
    },
  };
}

/** Every event that leads up to the whole response, each item opened, filled and closed. */
export function responseEvents(request: ModelRequest, answer: Composed): JsonObject[] {
  const whole = response(request, answer);
  const items = whole.output as readonly JsonObject[];
  const events: JsonObject[] = [
    { type: 'response.created', response: { ...whole, status: 'in_progress', output: [], usage: null } },
    ...items.flatMap((item, index) => (item.type === 'message' ? messageEvents(item, index, answer.text) : callEvents(item, index))),
    { type: 'response.completed', response: whole },
  ];
  return events.map(({ type, ...rest }, index) => ({ type, sequence_number: index, ...rest }));
}

function itemsOf({ text, toolCalls }: Composed): JsonObject[] {
  if (toolCalls)
    return toolCalls.map((call, index) => ({ id: `fc_demo_${index}`, type: 'function_call', status: 'completed', call_id: `call_demo_${index}`, ...call }));
  return [{ id: 'msg_demo', type: 'message', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text, annotations: [], logprobs: [] }] }];
}

function messageEvents(item: JsonObject, index: number, text: string): JsonObject[] {
  const place = { item_id: item.id, output_index: index, content_index: 0 };
  const [part] = item.content as readonly JsonObject[];
  return [
    { type: 'response.output_item.added', output_index: index, item: { ...item, status: 'in_progress', content: [] } },
    { type: 'response.content_part.added', ...place, part: { ...part, text: '' } },
    ...piecesOf(text).map((delta) => ({ type: 'response.output_text.delta', ...place, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...place, text, logprobs: [] },
    { type: 'response.content_part.done', ...place, part },
    { type: 'response.output_item.done', output_index: index, item },
  ];
}

function callEvents(item: JsonObject, index: number): JsonObject[] {
  const place = { item_id: item.id, output_index: index };
  return [
    { type: 'response.output_item.added', output_index: index, item: { ...item, status: 'in_progress', arguments: '' } },
    ...piecesOf(String(item.arguments)).map((delta) => ({ type: 'response.function_call_arguments.delta', ...place, delta })),
    { type: 'response.function_call_arguments.done', ...place, name: item.name, arguments: item.arguments },
    { type: 'response.output_item.done', output_index: index, item },
  ];
}
