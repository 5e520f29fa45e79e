import type { ServerResponse } from 'node:http';
import { sampleOf } from './sample.ts';
import { fail, type SentEvent, sendEvents, sendJson, type UpstreamCall } from './wire.ts';

type Body = UpstreamCall['body'];
type Message = { readonly role: string; readonly content?: unknown };
type Tool = { readonly function: { readonly name: string; readonly parameters?: object } };
type ToolAnswer = { readonly id: string; readonly name: string; readonly args: string };
type Answer = { readonly content: string | null; readonly tools: readonly ToolAnswer[] };

const USAGE = {
  prompt_tokens: 12,
  completion_tokens: 5,
  total_tokens: 17,
  prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 1, audio_tokens: 0 },
};

/** Calls the tools it is given, fills the schema it is given, and else says the last message back. */
export async function answerChat({ body }: UpstreamCall, res: ServerResponse): Promise<void> {
  switch (body.model) {
    case 'limited':
      return fail(res.setHeader('retry-after', '1'), 429, 'rate_limit_error', 'Rate limit reached', 'rate_limit_exceeded');
    case 'too-small':
      return fail(res, 400, 'invalid_request_error', "This model's maximum context length is 10 tokens", 'context_length_exceeded');
    case 'slow':
      return sendEvents(res, slowEvents(body), { pauseMs: 5 });
    case 'breaking':
      return sendEvents(res, eventsOf(body, { content: 'Half an answer', tools: [] }).slice(0, 3), { isCut: true });
    default:
      return body.stream === true ? sendEvents(res, eventsOf(body, answerTo(body))) : sendJson(res, whole(body, answerTo(body)));
  }
}

function answerTo({ messages, tools, response_format: format, tool_choice: choice }: Body): Answer {
  const last = (messages as Message[]).at(-1);
  const offered = (tools ?? []) as readonly Tool[];
  const forced = (choice as { function?: { name: string } } | undefined)?.function?.name;
  const called = forced === undefined ? offered : offered.filter(({ function: { name } }) => name === forced);
  if (called.length > 0 && choice !== 'none' && last?.role !== 'tool') {
    return {
      content: null,
      tools: called.map(({ function: tool }, index) => ({ id: `call_${index}`, name: tool.name, args: JSON.stringify(sampleOf(tool.parameters ?? {})) })),
    };
  }
  const { type, json_schema: schema } = (format ?? {}) as { type?: string; json_schema?: { schema: object } };
  if (type === 'json_schema') return { content: JSON.stringify(sampleOf(schema?.schema ?? {})), tools: [] };
  if (type === 'json_object') return { content: '{"city":"Zürich","degrees":36}', tools: [] };
  return { content: `You said: ${textOf(last)}`, tools: [] };
}

function textOf(message: Message | undefined): string {
  const content = message?.content;
  return Array.isArray(content) ? content.map((part: { text?: string }) => part.text ?? '').join('') : String(content);
}

function whole(body: Body, { content, tools }: Answer): object {
  const calls = tools.map(({ id, name, args }) => ({ id, type: 'function', function: { name, arguments: args } }));
  const message = { role: 'assistant', content, refusal: null, annotations: [], ...(calls.length > 0 ? { tool_calls: calls } : {}) };
  return {
    ...head(body, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }],
    usage: USAGE,
  };
}

/** As OpenAI streams: the role first, text and arguments in pieces, the reason, and the usage only when asked for. */
function eventsOf(body: Body, { content, tools }: Answer): SentEvent[] {
  const wantsUsage = (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
  const chunk = (delta: object, finish: string | null = null): SentEvent => ({
    data: {
      ...head(body, 'chat.completion.chunk'),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(wantsUsage ? { usage: null } : {}),
    },
  });
  return [
    chunk({ role: 'assistant', content: content === null ? null : '', refusal: null }),
    ...(content?.match(/.{1,5}/gsu) ?? []).map((piece) => chunk({ content: piece })),
    ...tools.flatMap((tool, index) => toolDeltas(tool, index).map((delta) => chunk({ tool_calls: [delta] }))),
    chunk({}, tools.length > 0 ? 'tool_calls' : 'stop'),
    ...(wantsUsage ? [{ data: { ...head(body, 'chat.completion.chunk'), choices: [], usage: USAGE } }] : []),
    { data: '[DONE]' },
  ];
}

function toolDeltas({ id, name, args }: ToolAnswer, index: number): object[] {
  const pieces = args.match(/.{1,6}/gsu) ?? [];
  return [{ index, id, type: 'function', function: { name, arguments: '' } }, ...pieces.map((piece) => ({ index, function: { arguments: piece } }))];
}

/** Far more than any caller waits for, and still an end. */
function* slowEvents(body: Body): Generator<SentEvent> {
  for (let count = 0; count < 2000; count += 1)
    yield { data: { ...head(body, 'chat.completion.chunk'), choices: [{ index: 0, delta: { content: `${count} ` }, finish_reason: null }] } };
}

function head({ model }: Body, object: string): object {
  return { id: 'chatcmpl-1', object, created: 1_760_000_000, model, service_tier: 'default', system_fingerprint: 'fp_1' };
}
