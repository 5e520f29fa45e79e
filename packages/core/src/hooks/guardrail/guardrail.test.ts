import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { Context } from '../../pipeline/context.ts';
import { readUpload } from '../../http/multipart.ts';
import type { Operation } from '../../types/call.ts';
import type { Upload, WholeForm } from '../../types/upload.ts';
import type { Guardrail, GuardrailUse } from '../../types/guardrail.ts';
import { callOf, complete, finder, runHook } from '../hook-bench.test.support.ts';
import { guardrail, requireGuardrails } from './guardrail.ts';
import type { AskGateway } from './judge.ts';

const OK = { id: 'chatcmpl-1', object: 'chat.completion', choices: [] };

function hookOf(uses: readonly GuardrailUse[], reports: unknown[] = []) {
  return guardrail({ guardrails: uses, onError: (error) => reports.push(error) });
}

const onInput = (action: 'block' | 'redact'): GuardrailUse => ({ guardrail: finder('bomb', action), on: ['input'] });
const onOutput = (action: 'block' | 'redact'): GuardrailUse => ({ guardrail: finder('bomb', action), on: ['output'] });

async function sent(ctx: Context, uses: readonly GuardrailUse[]): Promise<{ request?: unknown; error?: unknown }> {
  let request: unknown;
  const { error } = await runHook(hookOf(uses), ctx, (at) => {
    request = at.request;
    return complete(OK);
  });
  return { request, error };
}

// P59: every place where a caller can put text, one case each.
const PLACES: readonly [string, Operation, Record<string, unknown>][] = [
  ['a message', 'chat', { messages: [{ role: 'user', content: 'a bomb' }] }],
  ['a system message', 'chat', { messages: [{ role: 'system', content: 'a bomb' }] }],
  ['a developer message', 'chat', { messages: [{ role: 'developer', content: 'a bomb' }] }],
  ['an assistant message', 'chat', { messages: [{ role: 'assistant', content: 'a bomb' }] }],
  ['a role that is none', 'chat', { messages: [{ role: 'user: make a bomb', content: '' }] }],
  ['a text part', 'chat', { messages: [{ role: 'user', content: [{ type: 'text', text: 'a bomb' }] }] }],
  [
    'text over two parts',
    'chat',
    {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a bo' },
            { type: 'text', text: 'mb' },
          ],
        },
      ],
    },
  ],
  ['a refusal part', 'chat', { messages: [{ role: 'assistant', content: [{ type: 'refusal', refusal: 'a bomb' }] }] }],
  ['a part of an unknown kind', 'chat', { messages: [{ role: 'user', content: [{ type: 'novel', words: ['a bomb'] }] }] }],
  [
    'the arguments of a tool call',
    'chat',
    { messages: [{ role: 'assistant', tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{"q":"a bomb"}' } }] }] },
  ],
  [
    'escaped arguments',
    'chat',
    { messages: [{ role: 'assistant', tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{"q":"a \\u0062omb"}' } }] }] },
  ],
  [
    'arguments under the name of a field of answers',
    'chat',
    { messages: [{ role: 'assistant', tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{"logprobs":"a \\u0062omb"}' } }] }] },
  ],
  ['the result of a tool', 'chat', { messages: [{ role: 'tool', tool_call_id: '1', content: 'a bomb' }] }],
  ['the name of who speaks', 'chat', { messages: [{ role: 'user', name: 'bomb', content: 'hi' }] }],
  ['the description of a tool', 'chat', { tools: [{ type: 'function', function: { name: 'f', description: 'a bomb' } }] }],
  ['the name of a property', 'chat', { tools: [{ type: 'function', function: { name: 'f', parameters: { properties: { 'how to make a bomb': {} } } } }] }],
  [
    'a property with the name of a field of answers',
    'chat',
    { tools: [{ type: 'function', function: { name: 'f', parameters: { properties: { logprobs: { description: 'a bomb' } } } } }] },
  ],
  ['the schema of the answer', 'chat', { response_format: { type: 'json_schema', json_schema: { name: 's', schema: { description: 'a bomb' } } } }],
  ['a predicted answer', 'chat', { prediction: { type: 'content', content: 'a bomb' } }],
  ['the URL of an image', 'chat', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x.test/?q=bomb' } }] }] }],
  ['a data URL that holds no data', 'chat', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:text/plain,a bomb' } }] }] }],
  ['a field that nobody knows', 'chat', { extra_body: { deep: [{ deeper: 'a bomb' }] } }],
  ['a prompt', 'completions', { prompt: 'a bomb' }],
  ['one of several prompts', 'completions', { prompt: ['hi', 'a bomb'] }],
  ['a suffix', 'completions', { suffix: 'a bomb' }],
  ['an input', 'embeddings', { input: 'a bomb' }],
  ['one of several inputs', 'embeddings', { input: ['hi', 'a bomb'] }],
  ['what is to be moderated', 'moderations', { input: [{ type: 'text', text: 'a bomb' }] }],
  ['a query', 'rerank', { query: 'a bomb', documents: ['hi'] }],
  ['a document', 'rerank', { query: 'hi', documents: ['hi', 'a bomb'] }],
  ['a field of a document', 'rerank', { query: 'hi', documents: [{ title: 'a bomb', text: 'hi' }], rank_fields: ['title'] }],
  ['the address of a document', 'ocr', { document: { type: 'document_url', document_url: 'https://x.test/?q=bomb' } }],
  ['what is to be counted', 'tokens.count', { messages: [{ role: 'user', content: 'a bomb' }] }],
  ['the prompt of an image', 'images.generate', { prompt: 'a bomb' }],
  ['what is to be spoken', 'audio.speech', { input: 'a bomb', voice: 'alloy' }],
  ['how it is to be spoken', 'audio.speech', { input: 'hi', instructions: 'as if a bomb ticked' }],
  ['instructions', 'responses', { instructions: 'a bomb' }],
  ['an input text', 'responses', { input: [{ role: 'user', content: [{ type: 'input_text', text: 'a bomb' }] }] }],
  ['a tool output of the Responses API', 'responses', { input: [{ type: 'function_call_output', call_id: '1', output: 'a bomb' }] }],
];

describe('a guardrail on the input (P59)', () => {
  it.each(PLACES)('sees %s', async (_name, operation, fields) => {
    const blocked = await sent(callOf(fields, { operation }), [onInput('block')]);
    expect(blocked.error).toMatchObject({ code: 'guardrail_blocked', wireCode: 'finder', status: 400 });

    const redacted = await sent(callOf(fields, { operation }), [onInput('redact')]);
    expect(redacted.error).toBeUndefined();
    expect(JSON.stringify(redacted.request)).not.toMatch(/bomb|\\u0062omb/);
    expect(JSON.stringify(redacted.request)).toContain('[x]');
  });

  it('changes nothing but the finding, and never the request it was given', async () => {
    const request = {
      model: 'm',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a bomb' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,bomb' } },
          ],
        },
      ],
      seed: 7,
    };
    const before = structuredClone(request);
    const { request: after } = await sent(callOf(request), [onInput('redact')]);
    expect(request).toEqual(before);
    expect(after).toEqual({ ...before, messages: [{ role: 'user', content: [{ type: 'text', text: 'a [x]' }, before.messages[0]?.content[1]] }] });
  });

  it('keeps the arguments of a tool call valid JSON', async () => {
    const call = { id: '1', type: 'function', function: { name: 'f', arguments: '{"card":4111,"note":"4111"}' } };
    const { request } = await sent(callOf({ messages: [{ role: 'assistant', tool_calls: [call] }] }), [{ guardrail: finder('4111', 'redact'), on: ['input'] }]);
    const { messages } = request as { messages: [{ tool_calls: [{ function: { arguments: string } }] }] };
    expect(JSON.parse(messages[0].tool_calls[0].function.arguments)).toEqual({ card: '[x]', note: '[x]' });
  });

  it('lets nothing through that was not judged: not even the bytes received', async () => {
    const ctx = callOf({}, { received: Buffer.from('{"model":"m","messages":[],"messages":["a bomb"]}') });
    expect(ctx.received).toBeDefined();
    await sent(ctx, [onInput('block')]);
    expect(ctx.received).toBeUndefined();
  });

  it('leaves what the caller asked for as it was', async () => {
    const { request } = await sent(callOf({ messages: [{ role: 'user', content: 'a bomb' }], logprobs: true, top_logprobs: 2 }), [onInput('redact')]);
    expect(request).toMatchObject({ messages: [{ content: 'a [x]' }], logprobs: true, top_logprobs: 2 });
  });

  it('refuses token ids, unless the guardrails may fail open', async () => {
    const call = () => callOf({ input: [[1, 2], [3]] }, { operation: 'embeddings' });
    expect((await sent(call(), [onInput('block')])).error).toMatchObject({ code: 'invalid_request', param: 'input' });
    expect((await sent(call(), [{ guardrail: { ...finder('x', 'block'), onError: 'open' }, on: ['input'] }])).error).toBeUndefined();
  });

  it('judges the fields of a form, and sends them as they were judged', async () => {
    const replaced: unknown[] = [];
    const upload: Upload = {
      contentType: 'multipart/form-data; boundary=b',
      fields: { model: 'm', prompt: 'a bomb' },
      isReplayable: true,
      async *body(replace) {
        replaced.push(replace);
      },
      whole: () => Promise.resolve({ fields: {}, files: [] }),
    };
    const call = () => callOf({ prompt: 'a bomb' }, { operation: 'audio.transcribe', upload });
    expect((await sent(call(), [onInput('block')])).error).toMatchObject({ code: 'guardrail_blocked' });
    const ctx = call();
    await sent(ctx, [onInput('redact')]);
    for await (const _chunk of ctx.upload?.body({ model: 'real' }) ?? []) expect.unreachable();
    expect(replaced).toEqual([{ model: 'real', prompt: 'a [x]' }]);
  });

  describe('in a form', () => {
    const part = (name: string, value: string, filename = '') =>
      `--b\r\ncontent-disposition: form-data; name="${name}"${filename && `; filename="${filename}"`}\r\n\r\n${value}\r\n`;
    const sound = (bytes: number) => part('file', 'x'.repeat(bytes), 'a.wav');

    it('is not taken apart where a name comes once more behind a file that flows through', async () => {
      await expect(wholeOf(part('model', 'm'), part('prompt', 'fine'), sound(600_000), part('prompt', 'a bomb'))).rejects.toThrow('may not stand behind');
    });

    async function wholeOf(...parts: readonly string[]): Promise<WholeForm | undefined> {
      const stream = chunksOf(...[...parts, '--b--\r\n'].flatMap((text) => text.match(/[^]{1,65536}/g) ?? []));
      const { upload } = await readUpload({ kind: 'stream', stream }, 'multipart/form-data; boundary=b', { limitBytes: 10_000_000, needsModel: true });
      const ctx = callOf({}, { operation: 'audio.transcribe', upload });
      await sent(ctx, [onInput('redact')]);
      return ctx.upload?.whole();
    }

    async function sentForm(parts: readonly string[]): Promise<string> {
      const stream = chunksOf(...[...parts, '--b--\r\n'].flatMap((text) => text.match(/[^]{1,65536}/g) ?? []));
      const { upload } = await readUpload({ kind: 'stream', stream }, 'multipart/form-data; boundary=b', { limitBytes: 10_000_000, needsModel: true });
      const ctx = callOf({}, { operation: 'audio.transcribe', upload });
      const { error } = await sent(ctx, [onInput('redact')]);
      if (error) throw error;
      const pieces: Uint8Array[] = [];
      for await (const piece of ctx.upload?.body({ model: 'real' }) ?? []) pieces.push(piece);
      return Buffer.concat(pieces).toString();
    }

    it('is taken apart as it was judged, and not with what nobody has judged', async () => {
      const model = part('model', 'm');
      const { fields, files } = (await wholeOf(model, part('prompt', 'a bomb'), sound(10), part('timestamp_granularities[]', 'word'))) ?? {};
      expect([fields, files?.length]).toEqual([{ model: 'm', prompt: 'a [x]', 'timestamp_granularities[]': 'word' }, 1]);
      expect((await wholeOf(model, sound(600_000), part('include[]', 'logprobs')))?.fields['include[]']).toBe('logprobs');
      await expect(wholeOf(model, sound(600_000), part('prompt', 'a bomb'))).rejects.toThrow("part 'prompt' may not stand behind a file");
      await expect(wholeOf(model, part('other', 'x', 'o.txt'))).rejects.toThrow("part 'other' may not stand behind a file");
    });

    it('sends each text as it was judged, also of a name that comes several times, and every file and list as it came', async () => {
      const lists = part('timestamp_granularities[]', 'word') + part('timestamp_granularities[]', 'segment');
      const form = await sentForm([part('model', 'm'), part('prompt', 'a bomb'), part('prompt', 'another bomb'), lists, sound(10)]);
      expect(form).toBe(`${part('model', 'real')}${part('prompt', 'a [x]')}${part('prompt', 'another [x]')}${lists}${sound(10)}--b--\r\n`);
    });

    it('sees every item of a list, and sends it as it was judged', async () => {
      const form = await sentForm([part('model', 'm'), part('include[]', 'logprobs'), part('include[]', 'how to make a bomb'), sound(10)]);
      expect(form).toBe(`${part('model', 'real')}${part('include[]', 'logprobs')}${part('include[]', 'how to make a [x]')}${sound(10)}--b--\r\n`);
    });

    it('sees a text behind the file', async () => {
      expect(await sentForm([part('model', 'm'), sound(10), part('prompt', 'a bomb')])).not.toContain('bomb');
    });

    it('sends no text behind a file that flows through', async () => {
      expect(await sentForm([part('model', 'm'), sound(1_000_000), part('include[]', 'logprobs')])).toContain('logprobs');
      await expect(sentForm([part('model', 'm'), sound(1_000_000), part('prompt', 'a bomb')])).rejects.toMatchObject({
        code: 'invalid_request',
        message: expect.stringContaining('prompt'),
      });
    });
  });

  it('runs each guardrail on what the one before it has left', async () => {
    const { request } = await sent(callOf({ prompt: 'a bomb' }, { operation: 'completions' }), [
      onInput('redact'),
      { guardrail: finder('\\[x\\]', 'block', 'second'), on: ['input'] },
    ]).then(({ error }) => ({ request: error }));
    expect(request).toMatchObject({ wireCode: 'second' });
  });

  it('refuses what is nested too deep to be followed', async () => {
    const deep = JSON.parse(`${'['.repeat(5000)}"a bomb"${']'.repeat(5000)}`) as unknown;
    expect((await sent(callOf({ deep }), [onInput('block')])).error).toMatchObject({ code: 'invalid_request' });
  });

  it('refuses more texts than can be judged in good time', async () => {
    const many = callOf({ input: Array(50_000).fill('hi') }, { operation: 'embeddings' });
    expect((await sent(many, [onInput('block')])).error).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('20000 texts') });
  });
});

describe('a guardrail on a complete answer', () => {
  async function answered(body: Record<string, unknown>, uses: readonly GuardrailUse[]) {
    return runHook(hookOf(uses), callOf(), () => complete(body));
  }

  const choice = (message: object, index = 0) => ({ index, message: { role: 'assistant', ...message }, finish_reason: 'stop', logprobs: null });

  it.each([
    ['the text', { choices: [choice({ content: 'a bomb' })] }],
    ['a later choice', { choices: [choice({ content: 'hi' }), choice({ content: 'a bomb' }, 1)] }],
    ['the reasoning', { choices: [choice({ content: 'hi', reasoning_content: 'a bomb' })] }],
    ['a refusal', { choices: [choice({ content: null, refusal: 'a bomb' })] }],
    [
      'the arguments of a tool call',
      { choices: [choice({ tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{"q":"a \\u0062omb"}' } }] })] },
    ],
    ['a list of parts', { choices: [choice({ content: [{ type: 'text', text: 'a bomb' }] })] }],
    ['a completion', { choices: [{ index: 0, text: 'a bomb', finish_reason: 'stop' }] }],
    ['a response', { object: 'response', output: [{ type: 'message', content: [{ type: 'output_text', text: 'a bomb' }] }] }],
    ['a transcript', { text: 'a bomb' }],
  ])('sees %s', async (_name, body) => {
    expect((await answered(body, [onOutput('block')])).error).toMatchObject({ code: 'guardrail_blocked' });
    const { body: redacted } = await answered(body, [onOutput('redact')]);
    expect(JSON.stringify(redacted)).not.toMatch(/bomb|\\u0062omb/);
    expect(JSON.stringify(redacted)).toContain('[x]');
  });

  it('forgets the log probabilities of what it redacts', async () => {
    const tokens = { content: [{ token: ' bomb', logprob: -1, bytes: [1], top_logprobs: [] }] };
    const { body } = await answered(
      {
        choices: [
          { ...choice({ content: 'a bomb' }), logprobs: tokens },
          { ...choice({ content: 'hi' }, 1), logprobs: tokens },
        ],
      },
      [onOutput('redact')],
    );
    expect(body?.choices).toMatchObject([{ logprobs: null }, { logprobs: tokens }]);
  });

  it("does not judge the caller's words that a response repeats", async () => {
    const { error } = await answered({ object: 'response', instructions: 'never say bomb', output: [] }, [onOutput('block')]);
    expect(error).toBeUndefined();
  });

  it('leaves a clean answer as it came', async () => {
    const reply = complete({ choices: [choice({ content: 'hi' })] });
    const hook = hookOf([onOutput('redact')]);
    expect(await hook.handle(callOf(), async () => reply)).toBe(reply);
  });

  it('judges text that comes as bytes, and passes sound', async () => {
    const bytes = (contentType: string) => ({ kind: 'bytes' as const, contentType, chunks: chunksOf('a bo', 'mb') });
    const read = async (contentType: string, operation: Operation) => {
      const reply = await hookOf([onOutput('redact')]).handle(callOf({}, { operation }), async () => bytes(contentType));
      let text = '';
      if (reply.kind === 'bytes') for await (const chunk of reply.chunks) text += Buffer.from(chunk).toString();
      return text;
    };
    expect(await read('text/plain; charset=utf-8', 'audio.transcribe')).toBe('a [x]');
    expect(await read('application/octet-stream', 'audio.translate')).toBe('a [x]');
    expect(await read('audio/mpeg', 'audio.speech')).toBe('a bomb');
  });
});

describe('a guardrail that fails (P61)', () => {
  const faults: readonly [string, Guardrail['check']][] = [
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
    ['rejects', () => Promise.reject(new Error('down'))],
    ['never answers', () => new Promise(() => undefined)],
    ['answers nonsense', () => undefined as never],
    ['names places outside the text', () => ({ action: 'redact', edits: [{ start: 0, end: 999, replacement: '' }] })],
  ];

  it.each(faults)('refuses the call when it %s', async (_name, check) => {
    for (const on of ['input', 'output'] as const) {
      let called = 0;
      const { error, body } = await runHook(hookOf([{ guardrail: { name: 'g', timeoutMs: 20, check }, on: [on] }]), callOf(), () => {
        called += 1;
        return complete({ text: 'an answer' });
      });
      expect(error).toMatchObject({ code: 'guardrail_failed', status: 500 });
      expect(body).toBeUndefined();
      expect(called).toBe(on === 'input' ? 0 : 1);
    }
  });

  it.each(faults)('passes and reports when it %s and may fail open', async (_name, check) => {
    const reports: unknown[] = [];
    const { error } = await runHook(hookOf([{ guardrail: { name: 'g', timeoutMs: 20, onError: 'open', check }, on: ['input'] }], reports), callOf(), () =>
      complete(OK),
    );
    expect(error).toBeUndefined();
    expect(reports).toContainEqual(expect.objectContaining({ code: 'guardrail_failed' }));
  });

  it('asks no further when it has taken too long, and the call goes on', async () => {
    const asked: AbortSignal[] = [];
    const check: Guardrail['check'] = (piece) => {
      asked.push(piece.signal);
      void piece.ask?.('chat', { model: 'judge' });
      return new Promise(() => undefined);
    };
    const uses: GuardrailUse[] = [{ guardrail: { name: 'g', timeoutMs: 20, onError: 'open', check }, on: ['input'] }];
    const ask: AskGateway = (_operation, _request, signal) => {
      asked.push(signal);
      return new Promise(() => undefined);
    };
    const ctx = callOf();
    const { error } = await runHook(guardrail({ guardrails: uses, onError: () => undefined, ask }), ctx, () => complete(OK));
    expect(error).toBeUndefined();
    expect(asked.length).toBeGreaterThanOrEqual(2);
    expect([...new Set(asked.map(({ aborted }) => aborted)), ctx.signal.aborted]).toEqual([true, false]);
  });

  it('stops waiting when the caller leaves', async () => {
    const controller = new AbortController();
    const running = runHook(hookOf([{ guardrail: { name: 'g', check: () => new Promise(() => undefined) }, on: ['input'] }]), callOf({}, { controller }), () =>
      complete(OK),
    );
    controller.abort();
    expect((await running).outcome).toEqual({ status: 'aborted' });
  });
});

describe('which guardrails run', () => {
  const optional: GuardrailUse = { guardrail: finder('bomb', 'block', 'strict'), on: ['input'], always: false };
  const policy = (guardrails: readonly string[]) => ({ policy: { name: 'p', guardrails } });

  it('runs those that a policy names as well', async () => {
    const run = (init = {}) => sent(callOf({ prompt: 'a bomb' }, init), [optional]);
    expect((await run()).error).toBeUndefined();
    expect((await run(policy(['strict']))).error).toMatchObject({ wireCode: 'strict' });
  });

  it('fails closed when a policy names one that is not there, and says so at start-up', async () => {
    const { error } = await sent(callOf({}, policy(['stricy'])), [optional]);
    expect(GatewayError.is(error)).toBe(true);
    expect(() => requireGuardrails({ name: 'p', guardrails: ['stricy'] }, [optional])).toThrow(/No guardrail is named 'stricy'.*Did you mean 'strict'/);
  });

  it('names them in the headers of the answer', async () => {
    const ctx = callOf();
    await runHook(hookOf([onInput('block'), { ...optional, always: true }]), ctx, () => complete(OK));
    expect(ctx.headers).toMatchObject({ 'x-sluice-applied-guardrails': 'finder,strict' });
  });

  it('does not start with names that clash or windows that are none', () => {
    expect(() => hookOf([optional, { ...optional, on: ['output'], stream: { mode: 'window', characters: 0 } }])).toThrow(
      /Two guardrails are named 'strict'[^]*at least 1/,
    );
    const long: Guardrail = { ...finder('x', 'block'), longestFinding: 300 };
    expect(() => hookOf([{ guardrail: long, on: ['output'] }])).toThrow(/'finder' needs a window .* at least 300/);
    expect(() => hookOf([{ guardrail: long, on: ['input'] }])).not.toThrow();
  });
});

async function* chunksOf(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}
