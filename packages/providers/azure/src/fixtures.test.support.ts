import type { ProviderFixture, Recording } from '@sluice/testing';

const asked = { model: 'm', messages: [{ role: 'user', content: 'How warm is it in Zürich? "Exactly"' }] };
const streamed = { ...asked, stream: true, stream_options: { include_usage: true } };
const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
const filters = { hate: { filtered: false, severity: 'safe' } };

function json(body: unknown, status = 200, headers: Recording['headers'] = {}): Recording {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(JSON.stringify(body)) };
}

function sse(...events: readonly unknown[]): Recording {
  const text = events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body: Buffer.from(text) };
}

const chunk = (delta: object, finish: string | null = null, more: object = {}): object => ({
  id: 'c',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: finish, content_filter_results: {} }],
  ...more,
});
const judged = { id: '', object: '', model: '', choices: [], prompt_filter_results: [{ prompt_index: 0, content_filter_results: filters }] };

export const fixtures: readonly ProviderFixture[] = [
  {
    name: 'a whole answer, judged',
    operation: 'chat',
    request: asked,
    answer: json({
      ...{ id: 'c', object: 'chat.completion', model: 'gpt', prompt_filter_results: judged.prompt_filter_results, usage },
      choices: [{ index: 0, message: { role: 'assistant', content: 'Läuft: 21 °C' }, finish_reason: 'stop', content_filter_results: filters }],
    }),
    expected: { text: 'Läuft: 21 °C', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream that begins with what was judged',
    operation: 'chat',
    request: streamed,
    answer: sse(
      judged,
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Läuft: ' }),
      chunk({ content: '21 °C 😀' }),
      chunk({}, 'stop'),
      { ...judged, choices: [], usage },
      '[DONE]',
    ),
    expected: { text: 'Läuft: 21 °C 😀', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream of a tool call',
    operation: 'chat',
    request: { ...streamed, tools: [{ type: 'function', function: { name: 'weather' } }] },
    answer: sse(
      judged,
      chunk({ role: 'assistant', tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'weather', arguments: '' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":"Zürich"}' } }] }),
      chunk({}, 'tool_calls'),
      { ...judged, choices: [], usage },
      '[DONE]',
    ),
    expected: { toolCalls: [{ name: 'weather', arguments: { city: 'Zürich' } }], finish: 'tool_calls', inputTokens: 11 },
  },
  {
    name: 'a question that is against the policy',
    operation: 'chat',
    request: asked,
    answer: json(
      {
        error: {
          message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
          type: null,
          param: 'prompt',
          code: 'content_filter',
          status: 400,
          innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: filters },
        },
      },
      400,
    ),
    expected: { error: { status: 400, message: /content management policy/ } },
  },
  {
    name: 'a refused key',
    operation: 'chat',
    request: asked,
    answer: json({ error: { code: '401', message: 'Access denied due to invalid subscription key sk-contract-0123456789abcdef.' } }, 401),
    expected: { error: { status: 401, message: /invalid subscription key \[redacted\]/ } },
  },
  {
    name: 'too many requests',
    operation: 'chat',
    request: asked,
    answer: json({ error: { code: 'RateLimitReached', message: 'Your requests have exceeded rate limit.' } }, 429, { 'retry-after': '7' }),
    expected: { error: { status: 429, message: /exceeded rate limit/ } },
  },
];
