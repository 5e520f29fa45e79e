import type {
  EmbeddingModelV4,
  RerankingModelV4,
  LanguageModelV3,
  LanguageModelV3StreamPart,
  LanguageModelV4,
  LanguageModelV4StreamPart,
  ProviderV3,
  ProviderV4,
} from '@ai-sdk/provider';
import { type ModelRequest, secret } from '@sluice/core';
import { ask, providerContract, type ProviderFixture, readTold } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { aiSdk } from './ai-sdk.ts';

const usage = { inputTokens: { total: 11, noCache: 7, cacheRead: 4, cacheWrite: undefined }, outputTokens: { total: 5, text: 3, reasoning: 2 } };
const stop = { unified: 'stop', raw: 'end_turn' } as const;
const asked = { model: 'm', messages: [{ role: 'user', content: 'How warm is it in Zürich?' }] };

type Generate = LanguageModelV4['doGenerate'];
type Given = Parameters<Generate>[0];

function v4(model: Partial<LanguageModelV4>, more: Partial<ProviderV4> = {}): ProviderV4 {
  const none = (): never => {
    throw Object.assign(new Error('No such model'), { name: 'AI_NoSuchModelError' });
  };
  const whole: LanguageModelV4 = {
    specificationVersion: 'v4',
    provider: 'acme.chat',
    modelId: 'm',
    supportedUrls: {},
    doGenerate: none,
    doStream: none,
    ...model,
  };
  return { specificationVersion: 'v4', languageModel: () => whole, embeddingModel: none, imageModel: none, ...more };
}

function v3(model: Partial<LanguageModelV3>): ProviderV3 {
  return {
    ...v4({}),
    specificationVersion: 'v3',
    languageModel: () => ({ ...v4({}).languageModel('m'), specificationVersion: 'v3', ...model }) as LanguageModelV3,
  } as unknown as ProviderV3;
}

const answering =
  (result: Partial<Awaited<ReturnType<Generate>>>, given: Given[] = []): Generate =>
  async (options) => {
    given.push(options);
    return { content: [], finishReason: stop, usage, warnings: [], ...result };
  };

function streaming(...parts: readonly LanguageModelV4StreamPart[]): LanguageModelV4['doStream'] {
  return async () => ({ stream: ReadableStream.from(parts) as ReadableStream<LanguageModelV4StreamPart> });
}

const finish: LanguageModelV4StreamPart = { type: 'finish', finishReason: stop, usage };

describe('a model of the AI SDK', () => {
  test('gives its name to the provider, unless there is another', () => {
    expect(aiSdk(v4({})).name).toBe('acme');
    expect(aiSdk(v3({})).name).toBe('acme');
    expect(aiSdk(v4({}), { name: 'mine' }).name).toBe('mine');
    expect(() =>
      aiSdk(() => {
        throw new Error('no key');
      }),
    ).toThrow(/give the provider a name/);
    expect(() => aiSdk(v4({}), { operations: ['moderations'] })).toThrow(/no 'moderations'/);
  });

  test('answers as a whole: text, thoughts, calls, sources, files, usage and what else it says', async () => {
    const doGenerate = answering({
      content: [
        { type: 'reasoning', text: 'Hm', providerMetadata: { acme: { signature: 's' } } },
        { type: 'text', text: 'It is ' },
        { type: 'text', text: 'warm' },
        { type: 'source', sourceType: 'url', id: '1', url: 'https://example.com/', title: 'T' },
        { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'aGk=' } },
        { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: '{"city":"Zürich"}', providerMetadata: { acme: { t: 1 } } },
        { type: 'tool-call', toolCallId: 'c2', toolName: 'search', input: '{}', providerExecuted: true },
      ],
      finishReason: { unified: 'tool-calls', raw: 'tool_use' },
      response: { id: 'r1', modelId: 'acme-1', timestamp: new Date(1_700_000_000_000) },
      providerMetadata: { acme: { cost: 1 } },
      warnings: [{ type: 'unsupported', feature: 'seed' }],
    });
    const { text, usage: counted } = await ask({ provider: aiSdk(v4({ doGenerate })), operation: 'chat', request: asked, deployment: noKey });
    expect(JSON.parse(text)).toEqual({
      id: 'r1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'acme-1',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'It is warm',
            refusal: null,
            reasoning_content: 'Hm',
            thinking_blocks: [{ type: 'thinking', thinking: 'Hm', provider_metadata: { acme: { signature: 's' } } }],
            images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } }],
            annotations: [{ type: 'url_citation', url_citation: { url: 'https://example.com/', title: 'T' } }],
            provider_content: [{ type: 'tool-call', toolCallId: 'c2', toolName: 'search', input: '{}', providerExecuted: true }],
            tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Zürich"}' }, provider_metadata: { acme: { t: 1 } } }],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
          native_finish_reason: 'tool_use',
        },
      ],
      usage: {
        prompt_tokens: 11,
        completion_tokens: 5,
        total_tokens: 16,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
      provider_metadata: { acme: { cost: 1 } },
      warnings: [{ type: 'unsupported', feature: 'seed' }],
    });
    expect(counted).toEqual({ inputTokens: 11, outputTokens: 5, cachedInputTokens: 4, reasoningTokens: 2 });
  });

  test('is told everything that the request says, in its own words', async () => {
    const given: Given[] = [];
    const request: ModelRequest = {
      model: 'm',
      max_completion_tokens: 9,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 4,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      seed: 3,
      stop: 'END',
      reasoning_effort: 'low',
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } },
      tool_choice: { type: 'function', function: { name: 'weather' } },
      tools: [
        { type: 'function', function: { name: 'weather', description: 'd', strict: true, parameters: { type: 'object' } } },
        { type: 'provider', id: 'acme.search', name: 'search', args: { max: 1 } },
      ],
      provider_options: { acme: { x: 1 } },
      user: 'u',
      messages: [
        { role: 'system', content: 'Be brief' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See', provider_options: { acme: { cacheControl: { type: 'ephemeral' } } } },
            { type: 'image_url', image_url: { url: 'data:image/jpg;base64,aGk=' } },
            { type: 'file', file: { filename: 'a.pdf', file_data: 'aGk=' } },
            { type: 'input_audio', input_audio: { data: 'aGk=', format: 'wav' } },
          ],
        },
        {
          role: 'assistant',
          content: 'Hm',
          thinking_blocks: [{ type: 'thinking', thinking: 'T', provider_metadata: { acme: { signature: 's' } } }],
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '' }, provider_metadata: { acme: { t: 1 } } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: '21 °C' }] },
      ],
    };
    const answered = await ask({
      provider: aiSdk(v4({ doGenerate: answering({}, given) })),
      operation: 'chat',
      request,
      deployment: { ...noKey, headers: { 'x-a': 'b' }, parameterRules: { allow: ['web_search_options'] }, defaults: { web_search_options: {} } },
    });
    expect(answered.status, answered.text).toBe(200);
    const { abortSignal, ...options } = given[0] as Given;
    expect(abortSignal).toBeInstanceOf(AbortSignal);
    expect(options).toEqual({
      maxOutputTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      topK: 4,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      seed: 3,
      stopSequences: ['END'],
      reasoning: 'low',
      responseFormat: { type: 'json', schema: { type: 'object' }, name: 'n' },
      toolChoice: { type: 'tool', toolName: 'weather' },
      tools: [
        { type: 'function', name: 'weather', description: 'd', strict: true, inputSchema: { type: 'object' } },
        { type: 'provider', id: 'acme.search', name: 'search', args: { max: 1 } },
      ],
      providerOptions: { acme: { web_search_options: {}, x: 1 } },
      headers: { 'x-a': 'b' },
      prompt: [
        { role: 'system', content: 'Be brief' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See', providerOptions: { acme: { cacheControl: { type: 'ephemeral' } } } },
            { type: 'file', mediaType: 'image/jpeg', data: { type: 'data', data: 'aGk=' } },
            { type: 'file', mediaType: 'application/pdf', filename: 'a.pdf', data: { type: 'data', data: 'aGk=' } },
            { type: 'file', mediaType: 'audio/wav', data: { type: 'data', data: 'aGk=' } },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'T', providerOptions: { acme: { signature: 's' } } },
            { type: 'text', text: 'Hm' },
            { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: {}, providerOptions: { acme: { t: 1 } } },
          ],
        },
        { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'weather', output: { type: 'text', value: '21 °C' } }] },
      ],
    });
  });

  test.each<[string, object]>([
    ['n', { n: 2 }],
    ['logprobs', { logprobs: true }],
    ['logit_bias', { logit_bias: { 5: 1 } }],
    ['frobnicate', { frobnicate: 1 }],
    ['parallel_tool_calls', { parallel_tool_calls: false }],
    ['tools[0]', { tools: [{ type: 'web_search' }] }],
    ['messages[0].content[0]', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] }] }],
  ])('refuses %s, which it cannot honour', async (param, fields) => {
    const { status, text } = await ask({
      provider: aiSdk(v4({ doGenerate: answering({}) })),
      operation: 'chat',
      request: { ...asked, ...fields },
      deployment: noKey,
    });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'unsupported_parameter', param } });
  });

  test('of version 3 gets data in its form, addresses that its host fetches, and no thinking that it has no word for', async () => {
    const given: unknown[] = [];
    const provider = aiSdk(
      v3({
        supportedUrls: { 'image/*': [/^https:\/\/example\.com\/.*$/] },
        async doGenerate({ prompt }) {
          given.push(prompt);
          return { content: [{ type: 'file', mediaType: 'image/png', data: new Uint8Array([104, 105]) }], finishReason: stop, usage, warnings: [] };
        },
      }),
    );
    const content = [
      { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
    ];
    const { text } = await ask({ provider, operation: 'chat', request: { ...asked, messages: [{ role: 'user', content }] }, deployment: noKey });
    expect(given).toEqual([
      [
        {
          role: 'user',
          content: [
            { type: 'file', mediaType: 'image/png', data: 'aGk=' },
            { type: 'file', mediaType: 'image/*', data: new URL('https://example.com/a.png') },
          ],
        },
      ],
    ]);
    expect(JSON.parse(text)).toMatchObject({ choices: [{ message: { images: [{ image_url: { url: 'data:image/png;base64,aGk=' } }] } }] });
    const refused = await ask({ provider, operation: 'chat', request: { ...asked, reasoning_effort: 'low' }, deployment: noKey });
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 'unsupported_parameter', param: 'reasoning_effort' } });
  });

  test('streams text, thoughts, and calls in pieces or whole', async () => {
    const doStream = streaming(
      { type: 'stream-start', warnings: [] },
      { type: 'response-metadata', id: 'r1', modelId: 'acme-1' },
      { type: 'reasoning-start', id: 't' },
      { type: 'reasoning-delta', id: 't', delta: 'Hm' },
      { type: 'reasoning-end', id: 't', providerMetadata: { acme: { signature: 's' } } },
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', delta: 'It is ' },
      { type: 'text-delta', id: '1', delta: 'warm' },
      { type: 'text-end', id: '1' },
      { type: 'tool-input-start', id: 'c1', toolName: 'a' },
      { type: 'tool-input-delta', id: 'c1', delta: '{"x"' },
      { type: 'tool-input-delta', id: 'c1', delta: ':1}' },
      { type: 'tool-input-end', id: 'c1' },
      { type: 'tool-call', toolCallId: 'c1', toolName: 'a', input: '{"x":1}' },
      { type: 'tool-call', toolCallId: 'c2', toolName: 'b', input: '' },
      { type: 'tool-input-start', id: 'c3', toolName: 'search', providerExecuted: true },
      { type: 'tool-input-delta', id: 'c3', delta: '{}' },
      finish,
    );
    const request = { ...asked, stream: true, stream_options: { include_usage: true } };
    const { contentType, text, usage: counted } = await ask({ provider: aiSdk(v4({ doStream })), operation: 'chat', request, deployment: noKey });
    expect(readTold(contentType, text)).toEqual({
      text: 'It is warm',
      reasoning: 'Hm',
      toolCalls: [
        { id: 'c1', name: 'a', arguments: '{"x":1}' },
        { id: 'c2', name: 'b', arguments: '{}' },
      ],
      finish: 'stop',
      usage: expect.objectContaining({ prompt_tokens: 11, completion_tokens: 5 }),
      error: undefined,
      isComplete: true,
    });
    expect(text).toContain('"thinking_blocks":[{"type":"thinking","thinking":"Hm","provider_metadata":{"acme":{"signature":"s"}}}]');
    expect(counted).toMatchObject({ inputTokens: 11, outputTokens: 5 });
  });

  test.each<[string, readonly LanguageModelV4StreamPart[]]>([
    ['just ends', []],
    ['reports an error', [{ type: 'error', error: { statusCode: 529, message: 'Overloaded', name: 'AI_APICallError' } }]],
    ['ends with one', [{ type: 'finish', usage, finishReason: { unified: 'error', raw: 'x' } }]],
    ['was interrupted', [{ type: 'finish', usage, finishReason: { unified: 'interrupted', raw: undefined } }]],
  ])('whose stream %s is an error, and no end', async (_, parts) => {
    const doStream = streaming({ type: 'text-delta', id: '1', delta: 'It' }, ...parts);
    const { contentType, text } = await ask({ provider: aiSdk(v4({ doStream })), operation: 'chat', request: { ...asked, stream: true }, deployment: noKey });
    expect(readTold(contentType, text)).toMatchObject({ text: 'It', isComplete: false, error: { message: expect.any(String) } });
  });

  test('is read no faster than its answer is', async () => {
    let pulled = 0;
    const stream = new ReadableStream<LanguageModelV3StreamPart>(
      {
        pull(controller) {
          pulled += 1;
          controller.enqueue({ type: 'text-delta', id: '1', delta: 'x' });
        },
      },
      { highWaterMark: 0 },
    );
    const provider = aiSdk(v3({ doStream: async () => ({ stream }) }));
    const call = { operation: 'chat', request: { ...asked, stream: true }, deployment: { id: 'd', provider: 'acme', model: 'm' } } as const;
    const wire = provider.operations.chat?.toRequest(call);
    if (!wire) throw new Error('It cannot chat');
    const response = await provider.send?.(wire, { signal: new AbortController().signal, timeoutMs: 1000, idleTimeoutMs: 1000, call });
    for (let read = 0; read < 3; read += 1) await response?.body.next();
    expect(pulled).toBe(3);
    await response?.body.return?.();
    await expect(response?.body.next()).resolves.toMatchObject({ done: true });
  });

  test.each(['doGenerate', 'doStream'] as const)('is given up when the caller leaves (%s)', async (method) => {
    const signals: AbortSignal[] = [];
    const deaf = (options: Given): Promise<never> => {
      signals.push(options.abortSignal as AbortSignal);
      return new Promise(() => undefined);
    };
    const provider = aiSdk(v4({ [method]: deaf }));
    const caller = new AbortController();
    const call = { operation: 'chat', request: { ...asked, stream: method === 'doStream' }, deployment: { id: 'd', provider: 'acme', model: 'm' } } as const;
    const wire = provider.operations.chat?.toRequest(call);
    const sent = wire && provider.send?.(wire, { signal: caller.signal, timeoutMs: 5000, idleTimeoutMs: 5000, call });
    await new Promise(setImmediate);
    caller.abort();
    await expect(sent).rejects.toMatchObject({ code: 'aborted' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('that takes too long is a timeout, and given up', async () => {
    const provider = aiSdk(v4({ doGenerate: () => new Promise(() => undefined) }));
    const { status, text } = await ask({ provider, operation: 'chat', request: asked, deployment: { ...noKey, timeoutMs: 20 } });
    expect([status, JSON.parse(text)]).toMatchObject([504, { error: { code: 'upstream_timeout' } }]);
  });

  test.each<[number, string, object]>([
    [429, 'rate_limit_exceeded', { statusCode: 429, responseBody: '{"error":{"code":"rate_limit_exceeded"}}', responseHeaders: { 'retry-after': '7' } }],
    [401, 'upstream_authentication', { statusCode: 401 }],
    [502, 'upstream_error', { statusCode: 500 }],
    [502, 'upstream_unreachable', { isRetryable: true }],
    [400, 'unsupported_parameter', { name: 'AI_UnsupportedFunctionalityError' }],
    [404, 'upstream_not_found', { name: 'AI_NoSuchModelError' }],
  ])('that fails is a %s, %s', async (status, code, fields) => {
    const doGenerate: Generate = async () => {
      throw Object.assign(new Error('Bad key sk-live-0123456789'), { name: 'AI_APICallError', ...fields });
    };
    const answered = await ask({ provider: aiSdk(v4({ doGenerate })), operation: 'chat', request: asked, deployment: noKey });
    expect([answered.status, JSON.parse(answered.text)]).toMatchObject([status, { error: { code } }]);
    if (status === 429) expect(answered.headers.get('retry-after')).toBe('7');
    if (status < 500) expect(answered.text).not.toContain('0123456789');
  });

  test('embeds texts, in base64 for who asks for it', async () => {
    const embeddingModel = (): EmbeddingModelV4 => ({
      specificationVersion: 'v4',
      provider: 'acme.embedding',
      modelId: 'm',
      maxEmbeddingsPerCall: 10,
      supportsParallelCalls: true,
      doEmbed: async ({ values, dimensions }) => ({ embeddings: values.map((value) => [value.length, dimensions ?? 0]), usage: { tokens: 3 }, warnings: [] }),
    });
    const provider = aiSdk(v4({}, { embeddingModel }));
    const request = { model: 'm', input: ['a', 'bc'], dimensions: 2 };
    const { text, usage: counted } = await ask({ provider, operation: 'embeddings', request, deployment: noKey });
    expect(JSON.parse(text)).toMatchObject({ data: [{ embedding: [1, 2] }, { embedding: [2, 2] }], usage: { prompt_tokens: 3 } });
    expect(counted).toMatchObject({ inputTokens: 3 });
    const packed = await ask({ provider, operation: 'embeddings', request: { ...request, encoding_format: 'base64' }, deployment: noKey });
    expect(JSON.parse(packed.text)).toMatchObject({ data: [{ embedding: Buffer.from(new Float32Array([1, 2]).buffer).toString('base64') }, {}] });
  });
});

describe('documents are ordered', () => {
  const documents = ['Berlin', 'Paris'];
  const given: object[] = [];
  const rerankingModel = (): RerankingModelV4 => ({
    specificationVersion: 'v4',
    provider: 'acme.rerank',
    modelId: 'm',
    doRerank: async ({ documents: found, query, topN }) => {
      given.push({ found, query, topN });
      return { ranking: [{ index: 1, relevanceScore: 0.9 }], warnings: [], response: { id: 'r-1' } };
    },
  });

  test('in the words of the AI SDK, and told in those of Cohere', async () => {
    const provider = aiSdk(v4({}, { rerankingModel }));
    const request = { model: 'm', query: 'France', documents, top_n: 1, return_documents: true };
    const { status, text, usage: counted } = await ask({ provider, operation: 'rerank', request, deployment: noKey });
    expect([status, JSON.parse(text)]).toMatchObject([200, { id: 'r-1', results: [{ index: 1, relevance_score: 0.9, document: { text: 'Paris' } }] }]);
    expect(given).toEqual([{ found: { type: 'text', values: documents }, query: 'France', topN: 1 }]);
    // Nothing is reported, and silence is not free.
    expect(counted?.inputTokens).toBeGreaterThan(0);
  });

  test('unless the package has no models for it, or they are of two kinds', async () => {
    const none = await ask({ provider: aiSdk(v4({})), operation: 'rerank', request: { model: 'm', query: 'q', documents }, deployment: noKey });
    expect([none.status, JSON.parse(none.text)]).toMatchObject([400, { error: { code: 'unsupported_operation' } }]);
    const mixed = await ask({
      provider: aiSdk(v4({}, { rerankingModel })),
      operation: 'rerank',
      request: { model: 'm', query: 'q', documents: ['a', { b: 1 }] },
      deployment: noKey,
    });
    expect(JSON.parse(mixed.text)).toMatchObject({ error: { code: 'unsupported_parameter', param: 'documents' } });
  });
});

describe('a deployment', () => {
  test("hands its key and address to createXyz, and is told where they'd have no effect", async () => {
    const made: object[] = [];
    const create = (settings: object): ProviderV4 => {
      made.push(settings);
      return v4({ doGenerate: answering({}) });
    };
    const deployment = { baseUrl: 'http://127.0.0.1:1/v1', apiKey: secret('k-1') };
    expect((await ask({ provider: aiSdk(create, { name: 'acme' }), operation: 'chat', request: asked, deployment })).status).toBe(200);
    expect(made).toEqual([{ apiKey: 'k-1', baseURL: 'http://127.0.0.1:1/v1' }]);
    expect(aiSdk(v4({})).problemsOf?.({ id: 'd', provider: 'acme', model: 'm', ...deployment })).toEqual([
      expect.stringContaining('apiKey (api_key) has no effect'),
    ]);
    expect(aiSdk(create, { name: 'acme' }).problemsOf?.({ id: 'd', provider: 'acme', model: 'm', ...deployment })).toEqual([]);
  });
});

const noKey = { apiKey: undefined } as never as object;

/** The provider under test writes its answers itself, so those of the contract are what it would write. */
const chunk = (delta: object, finishReason: string | null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finishReason }] })}\n\n`;
const fixtures: readonly ProviderFixture[] = [
  {
    name: 'a stream',
    operation: 'chat',
    request: { ...asked, stream: true },
    answer: {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: Buffer.from(`${chunk({ role: 'assistant', content: 'é1' }, null)}${chunk({ content: '2' }, null)}${chunk({}, 'stop')}data: [DONE]\n\n`),
    },
    expected: { text: 'é12', finish: 'stop' },
  },
  {
    name: 'an error',
    operation: 'chat',
    request: asked,
    answer: { status: 401, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"error":{"message":"Bad key","type":"AI_APICallError"}}') },
    expected: { error: { status: 401, message: /Bad key/ } },
  },
];
for (const { name, run } of providerContract({ provider: aiSdk(() => v4({})), fixtures })) test(name, run);
