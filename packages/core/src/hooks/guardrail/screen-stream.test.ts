import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../errors/gateway-error.ts';
import { mapBatches } from '../../stream/map-batches.ts';
import type { Guardrail, GuardrailUse, StreamScreening } from '../../types/guardrail.ts';
import type { JsonObject } from '../../types/json.ts';
import { callOf, finder, type Ran, runHook, streamOf } from '../hook-bench.test.support.ts';
import { guardrail } from './guardrail.ts';

type Fields = Record<string, unknown>;

const HEAD = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' };
const chunk = (delta: Fields, finish_reason: string | null = null, index = 0): JsonObject => ({ ...HEAD, choices: [{ index, delta, finish_reason }] });
const USAGE: JsonObject = { ...HEAD, choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } };

const WINDOW: StreamScreening = { mode: 'window', characters: 16 };
const MODES: readonly StreamScreening[] = [{ mode: 'buffer' }, WINDOW];

function use(action: 'block' | 'redact', stream: StreamScreening, word = 'bomb'): GuardrailUse {
  return { guardrail: finder(word, action), on: ['output'], stream };
}

function screened(
  uses: readonly GuardrailUse[],
  batches: readonly (readonly JsonObject[])[],
  end?: Error,
): Promise<Ran & { state: { returned: boolean; read: number } }> {
  const reply = streamOf(batches, end);
  const hook = guardrail({ guardrails: uses, onError: () => undefined });
  return runHook(hook, callOf({ stream: true }), () => reply).then((ran) => ({ ...ran, state: reply.state }));
}

/** What a caller has put together in the end, text by text. */
function texts(events: readonly JsonObject[]): Record<string, string> {
  const result: Record<string, string> = {};
  const add = (name: string, text: unknown): void => {
    if (typeof text === 'string') result[name] = (result[name] ?? '') + text;
  };
  for (const { choices = [], type, delta: increment } of events as readonly {
    choices?: readonly { index: number; text?: string; delta?: Fields }[];
    type?: string;
    delta?: string;
  }[]) {
    if (type?.endsWith('.delta')) add(type, increment);
    for (const { index, delta = {}, text } of choices) {
      add(`${index}.text`, text);
      for (const field of ['content', 'reasoning_content', 'refusal']) add(`${index}.${field}`, delta[field]);
      for (const call of (delta.tool_calls ?? []) as readonly { index: number; function?: { name?: string; arguments?: string } }[]) {
        add(`${index}.name.${call.index}`, call.function?.name);
        add(`${index}.arguments.${call.index}`, call.function?.arguments);
      }
    }
  }
  return result;
}

function finishReasons(events: readonly JsonObject[]): unknown[] {
  return events
    .flatMap(({ choices = [] }) => (choices as readonly { finish_reason?: unknown }[]).map((choice) => choice.finish_reason))
    .filter((reason) => reason !== null && reason !== undefined);
}

describe.each(MODES)('a streamed answer, held back by $mode', (mode) => {
  const letters = [...'make a bomb now'].map((letter) => [chunk({ content: letter })]);

  it('is redacted, letter by letter or at once (P59)', async () => {
    for (const batches of [letters, [letters.flat()], [[chunk({ content: 'make a bomb now' })]]]) {
      const { events, outcome } = await screened([use('redact', mode)], [[chunk({ role: 'assistant', content: '' })], ...batches, [chunk({}, 'stop'), USAGE]]);
      expect(texts(events)).toEqual({ '0.content': 'make a [x] now' });
      expect(events[0]).toEqual(chunk({ role: 'assistant', content: '' }));
      expect(events.at(-2)).toEqual(chunk({}, 'stop'));
      expect(events.at(-1)).toEqual(USAGE);
      expect(outcome).toEqual({ status: 'ok' });
    }
  });

  it('ends at a block with content_filter, the refusal, and a cancelled upstream', async () => {
    const { events, error, state } = await screened([use('block', mode)], [...letters, [chunk({ content: '.'.repeat(100) })], [chunk({}, 'stop')], ...letters]);
    expect(JSON.stringify(texts(events))).not.toContain('b');
    expect(finishReasons(events)).toEqual(['content_filter']);
    expect(error).toMatchObject({ code: 'guardrail_blocked', wireCode: 'finder' });
    expect(state.returned).toBe(true);
    expect(state.read).toBeLessThan(letters.length + 5);
  });

  it('keeps choices, reasoning and tools apart', async () => {
    const tool = (args: string, name?: string) => ({
      tool_calls: [{ index: 0, ...(name && { id: 't', type: 'function' }), function: { ...(name && { name }), arguments: args } }],
    });
    const { events } = await screened(
      [use('redact', mode)],
      [
        [chunk({ content: 'a bo' }), chunk({ content: 'mb' }, null, 1), chunk({ reasoning_content: 'mb bo' })],
        [chunk({ reasoning_content: 'mb ' }), chunk(tool('', 'call_me'), null, 1), chunk(tool('{"q":"b'), null, 1), chunk({ content: 'm' })],
        [chunk(tool('omb"}'), null, 1), chunk({}, 'tool_calls', 1), chunk({ content: 'b' }, 'stop')],
      ],
    );
    expect(texts(events)).toEqual({
      '0.content': 'a [x]',
      '0.reasoning_content': 'mb [x] ',
      '1.content': 'mb',
      '1.name.0': 'call_me',
      '1.arguments.0': '{"q":"[x]"}',
    });
    expect(finishReasons(events)).toEqual(['tool_calls', 'stop']);
  });

  it('sees through the escapes of arguments', async () => {
    const batches = ['{"q":"\\u00', '62omb"}'].map((args) => [chunk({ tool_calls: [{ index: 0, function: { arguments: args } }] })]);
    const { error } = await screened([use('block', mode)], [...batches, [chunk({}, 'tool_calls')]]);
    expect(error).toMatchObject({ code: 'guardrail_blocked' });
  });

  it('gives out what it held when a host forgets the finish reason', async () => {
    const { events } = await screened([use('redact', mode)], [[chunk({ content: 'a bo' })], [chunk({ content: 'mb' })]]);
    expect(texts(events)).toEqual({ '0.content': 'a [x]' });
  });

  it('gives out nothing of what it held when the upstream breaks, and passes the break on', async () => {
    const { events, error } = await screened([use('redact', mode)], [[chunk({ content: 'a bomb' })]], new GatewayError('upstream_stream_broken', 'gone'));
    expect(texts(events)).toEqual({});
    expect(error).toMatchObject({ code: 'upstream_stream_broken' });
  });

  it('screens completions, and the events of the Responses API, whose numbers stay in order', async () => {
    const completions = await screened(
      [use('redact', mode)],
      [
        [{ id: 'x', object: 'text_completion', choices: [{ index: 0, text: 'a bo', finish_reason: null, logprobs: { tokens: ['a', ' bo'] } }] }],
        [{ id: 'x', object: 'text_completion', choices: [{ index: 0, text: 'mb', finish_reason: 'stop', logprobs: null }] }],
      ],
    );
    expect(texts(completions.events)).toEqual({ '0.text': 'a [x]' });
    expect(JSON.stringify(completions.events)).not.toContain('tokens');

    const part = { item_id: 'i', output_index: 0, content_index: 0 };
    const responses = await screened(
      [use('redact', mode)],
      [
        [{ type: 'response.created', sequence_number: 0, response: { object: 'response', instructions: 'no bomb', output: [] } }],
        [{ type: 'response.output_text.delta', sequence_number: 1, ...part, delta: 'a bo' }],
        [{ type: 'response.output_text.delta', sequence_number: 2, ...part, delta: 'mb' }],
        [{ type: 'response.output_text.done', sequence_number: 3, ...part, text: 'a bomb' }],
        [
          {
            type: 'response.completed',
            sequence_number: 4,
            response: { object: 'response', output: [{ content: [{ type: 'output_text', text: 'a bomb' }] }] },
          },
        ],
      ],
    );
    expect(texts(responses.events)).toEqual({ 'response.output_text.delta': 'a [x]' });
    expect(responses.events.map(({ sequence_number }) => sequence_number)).toEqual(responses.events.map((_event, index) => index));
    expect(responses.events.slice(-2)).toMatchObject([{ text: 'a [x]' }, { response: { output: [{ content: [{ text: 'a [x]' }] }] } }]);
    expect(responses.events[0]).toMatchObject({ response: { instructions: 'no bomb' } });
  });

  it('judges what a host sends beside the choices, and asks once for what it repeats', async () => {
    let asked = 0;
    const guardrail: Guardrail = {
      name: 'counter',
      check: (piece) => ((asked += piece.text.includes('source') ? 1 : 0), finder('bomb', 'redact').check(piece)),
    };
    const cited = (content: string) => ({ ...chunk({ content }), search_results: [{ title: 'a source on the bomb', url: 'https://x.test/' }] });
    const { events } = await screened([{ guardrail, on: ['output'], stream: mode }], [...Array(9).fill([cited('0123456789')]), [chunk({}, 'stop')]]);
    expect(JSON.stringify(events)).not.toContain('bomb');
    expect(asked).toBe(1);
  });

  it('drops the running total and the second copy that some hosts send beside the delta', async () => {
    const cumulative = (content: string, total: string) => ({
      ...HEAD,
      choices: [{ index: 0, delta: { content }, message: { role: 'assistant', content: total }, text: content, finish_reason: null }],
    });
    const { events } = await screened([use('redact', mode)], [[cumulative('a bo', 'a bo')], [cumulative('mb', 'a bomb')], [chunk({}, 'stop')]]);
    expect(JSON.stringify(events)).not.toContain('message');
    expect(texts(events)).toEqual({ '0.content': 'a [x]' });
  });

  it('fails closed when a guardrail fails in the middle', async () => {
    let calls = 0;
    const flaky: Guardrail = { name: 'flaky', check: () => (++calls > 1 || mode.mode === 'buffer' ? Promise.reject(new Error('down')) : { action: 'allow' }) };
    const { events, error } = await screened(
      [{ guardrail: flaky, on: ['output'], stream: mode }],
      [...Array(9).fill([chunk({ content: '0123456789' })]), [chunk({}, 'stop')]],
    );
    expect(error).toMatchObject({ code: 'guardrail_failed' });
    expect((texts(events)['0.content'] ?? '').length).toBeLessThan(30);
  });
});

describe('a caller who leaves while text is held back', () => {
  it.each([...MODES, { mode: 'observe' } as const])('lets go of the upstream, with $mode', async (mode) => {
    const source = streamOf([[chunk({ role: 'assistant', content: '' })], ...Array(9).fill([chunk({ content: 'word ' })])]);
    const hook = guardrail({ guardrails: [use('block', mode)], onError: () => undefined });
    const reply = await hook.handle(callOf(), async () => source);
    const iterator = reply.kind === 'stream' ? reply.batches[Symbol.asyncIterator]() : undefined;
    await iterator?.next();
    await iterator?.return?.();
    expect(source.state.returned).toBe(true);
    expect(await iterator?.next()).toEqual({ done: true, value: undefined });
  });
});

describe('what is held back', () => {
  it('has an end', { timeout: 20_000 }, async () => {
    const mebibyte = [chunk({ content: 'x'.repeat(1024 * 1024) })];
    const { error, state } = await screened([use('block', { mode: 'buffer' })], Array(40).fill(mebibyte));
    expect(error).toMatchObject({ code: 'upstream_invalid_answer' });
    expect(state.read).toBeLessThan(20);
  });
});

describe('a window', () => {
  const letters = fc.array(fc.constantFrom('bomb', 'bo', 'mb', ' ', 'omb', '\u{1F600}"\\\n'), { maxLength: 30 }).map((parts) => parts.join(''));
  const plan = fc.array(
    fc.record({ choice: fc.nat(1), field: fc.constantFrom('content', 'reasoning_content'), size: fc.integer({ min: 1, max: 11 }), joins: fc.boolean() }),
    { minLength: 1, maxLength: 60 },
  );

  it('redacts every text as it would be redacted whole, however the stream is cut and mixed', async () => {
    await fc.assert(
      fc.asyncProperty(letters, letters, plan, fc.boolean(), async (one, other, steps, isLate) => {
        const whole: Record<string, string> = {};
        const rest = new Map(['0.content', '0.reasoning_content', '1.content', '1.reasoning_content'].map((name, index) => [name, index % 2 ? one : other]));
        const batches: JsonObject[][] = [];
        for (const { choice, field, size, joins } of steps) {
          const name = `${choice}.${field}`;
          const text = rest.get(name)?.slice(0, size) ?? '';
          if (text === '') continue;
          rest.set(name, rest.get(name)?.slice(size) ?? '');
          whole[name] = (whole[name] ?? '') + text;
          const event = chunk({ [field]: text }, null, choice);
          if (joins) (batches.at(-1) ?? batches[batches.push([]) - 1])?.push(event);
          else batches.push([event]);
        }
        const base = finder('bomb', 'redact');
        const late: Guardrail = { name: 'late', check: (piece) => Promise.resolve().then(() => base.check(piece)) };
        const { events, error } = await screened(
          [{ guardrail: isLate ? late : base, on: ['output'], stream: WINDOW }],
          [...batches, [chunk({}, 'stop', 0), chunk({}, 'stop', 1)]],
        );
        expect(error).toBeUndefined();
        expect(texts(events)).toEqual(Object.fromEntries(Object.entries(whole).map(([name, text]) => [name, text.replaceAll('bomb', '[x]')])));
      }),
      { numRuns: 300 },
    );
  });

  it('passes a long clean text on as it comes, but for the window', async () => {
    const { events } = await screened([use('redact', WINDOW)], [...Array(20).fill([chunk({ content: '0123456789' })]), [chunk({}, 'stop')]]);
    expect(events.length).toBeGreaterThan(18);
    expect(texts(events)['0.content']).toBe('0123456789'.repeat(20));
  });

  it('runs two guardrails one behind the other, each in its own mode', async () => {
    const uses = [use('redact', WINDOW), { ...use('block', { mode: 'buffer' }, '\\[x\\] now'), guardrail: finder('\\[x\\] now', 'block', 'second') }];
    const { error, events } = await screened(uses, [[chunk({ content: 'a bo' })], [chunk({ content: 'mb now' })], [chunk({}, 'stop')]]);
    expect(error).toMatchObject({ wireCode: 'second' });
    expect(texts(events)).toEqual({});
  });
});

describe('observing', () => {
  const observe: StreamScreening = { mode: 'observe' };

  it('passes the very batches on', async () => {
    const source = streamOf([[chunk({ content: 'hi' })], [chunk({}, 'stop'), USAGE]]);
    const seen: unknown[] = [];
    const watched = mapBatches(source.batches, (batch) => {
      seen.push(batch);
      return batch;
    });
    const hook = guardrail({ guardrails: [use('block', observe)], onError: () => undefined });
    const reply = await hook.handle(callOf(), async () => ({ kind: 'stream', batches: watched }));
    const out: unknown[] = [];
    if (reply.kind === 'stream') for await (const batch of reply.batches) out.push(batch);
    expect(out).toEqual(seen);
    out.forEach((batch, index) => expect(batch).toBe(seen[index]));
  });

  it.each(['block', 'redact'] as const)('cuts the stream at a %s', async (action) => {
    const { events, error, state } = await screened(
      [use(action, observe)],
      [[chunk({ content: 'a bo' })], [chunk({ content: 'mb ' })], [chunk({ content: 'now' })], [chunk({}, 'stop')]],
    );
    expect(error).toMatchObject({ code: 'guardrail_blocked' });
    expect(finishReasons(events)).toEqual(['content_filter']);
    expect(state.returned).toBe(true);
  });

  it('cuts a silent stream when the verdict comes', { timeout: 2000 }, async () => {
    const late: Guardrail = {
      name: 'late',
      check: () => new Promise((resolve) => setTimeout(() => resolve({ action: 'block', reason: 'on reflection' }), 20)),
    };
    let returned = false;
    let sent = false;
    const silent: AsyncIterableIterator<{ events: never[] }> = {
      [Symbol.asyncIterator]: () => silent,
      next() {
        if (sent) return new Promise(() => undefined);
        sent = true;
        return streamOf([[chunk({ content: 'a' })]])
          .batches[Symbol.asyncIterator]()
          .next() as Promise<IteratorResult<{ events: never[] }>>;
      },
      async return() {
        returned = true;
        return { done: true, value: undefined };
      },
    };
    const hook = guardrail({ guardrails: [{ guardrail: late, on: ['output'], stream: observe }], onError: () => undefined });
    const { events, error } = await runHook(hook, callOf(), () => ({ kind: 'stream', batches: silent }));
    expect(error).toMatchObject({ code: 'guardrail_blocked' });
    expect(finishReasons(events)).toEqual(['content_filter']);
    expect(returned).toBe(true);
  });

  it('does not end well before the last verdict is in', async () => {
    const late: Guardrail = {
      name: 'late',
      check: () => new Promise((resolve) => setTimeout(() => resolve({ action: 'block', reason: 'on reflection' }), 20)),
    };
    const { error } = await screened([{ guardrail: late, on: ['output'], stream: observe }], [[chunk({ content: 'a' })], [chunk({}, 'stop')]]);
    expect(error).toMatchObject({ code: 'guardrail_blocked' });
  });
});
