import type { ServerResponse } from 'node:http';
import { type SentEvent, sendEvents, sendJson, type UpstreamCall } from './wire.ts';

/** The Responses API: the input said back, whole or in its own events. */
export async function answerResponses({ body }: UpstreamCall, res: ServerResponse): Promise<void> {
  const text = `You said: ${String(body.input)}`;
  const done = response(body, 'completed', [messageOf(text, 'completed')]);
  if (body.stream !== true) return sendJson(res, done);
  return sendEvents(res, numbered([...opening(body), ...pieces(text), ...closing(text), { type: 'response.completed', response: done }]));
}

function response({ model }: UpstreamCall['body'], status: string, output: object[]): object {
  const usage = {
    input_tokens: 12,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 17,
  };
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_760_000_000,
    status,
    model,
    output,
    error: null,
    parallel_tool_calls: true,
    tools: [],
    usage: status === 'completed' ? usage : null,
  };
}

function messageOf(text: string | undefined, status: string): object {
  return { id: 'msg_1', type: 'message', status, role: 'assistant', content: text === undefined ? [] : [part(text)] };
}

function part(text: string): object {
  return { type: 'output_text', text, annotations: [] };
}

type Event = { readonly type: string; readonly [field: string]: unknown };
const AT = { item_id: 'msg_1', output_index: 0, content_index: 0 };

function opening(body: UpstreamCall['body']): Event[] {
  return [
    { type: 'response.created', response: response(body, 'in_progress', []) },
    { type: 'response.output_item.added', output_index: 0, item: messageOf(undefined, 'in_progress') },
    { type: 'response.content_part.added', ...AT, part: part('') },
  ];
}

function pieces(text: string): Event[] {
  return (text.match(/.{1,5}/gsu) ?? []).map((delta) => ({ type: 'response.output_text.delta', ...AT, delta }));
}

function closing(text: string): Event[] {
  return [
    { type: 'response.output_text.done', ...AT, text },
    { type: 'response.content_part.done', ...AT, part: part(text) },
    { type: 'response.output_item.done', output_index: 0, item: messageOf(text, 'completed') },
  ];
}

function numbered(events: readonly Event[]): SentEvent[] {
  return events.map((event, index) => ({ event: event.type, data: { ...event, sequence_number: index } }));
}
