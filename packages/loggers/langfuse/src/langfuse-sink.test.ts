import { type CallRecord, createGateway, type Sink } from '@sluice/core';
import { demo } from '@sluice/provider-demo';
import { callRecord } from '@sluice/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { langfuseSink, sink } from './index.ts';
import { scriptedLangfuse, type ScriptedLangfuse } from './scripted-langfuse.test.support.ts';

type Value = { stringValue?: string; intValue?: string; arrayValue?: { values: { stringValue: string }[] } };
type Span = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Value }[];
  status: { code?: number; message?: string };
};
type Event = { type: string; body: Record<string, unknown> };

let server: ScriptedLangfuse;
beforeAll(async () => {
  server = await scriptedLangfuse();
});
beforeEach(() => {
  server.received.length = 0;
  server.answer = { status: 200 };
});
afterAll(() => server.close());

function made(options: { api?: 'otlp' | 'ingestion'; timeoutMs?: number } = {}): Sink {
  return langfuseSink({ publicKey: 'pk-lf-1', secretKey: 'sk-lf-canary', baseUrl: server.baseUrl, ...options });
}

function spans(): Span[] {
  return server.received.flatMap(({ body }) => (body as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }).resourceSpans[0]?.scopeSpans[0]?.spans ?? []);
}

function events(): Event[] {
  return server.received.flatMap(({ body }) => body.batch as Event[]);
}

function said(span: Span | undefined): Record<string, unknown> {
  const plain = ({ stringValue, intValue, arrayValue }: Value) =>
    stringValue ?? (intValue === undefined ? arrayValue?.values.map((value) => value.stringValue) : Number(intValue));
  return Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, plain(value)]));
}

const LABELS = {
  trace_id: 'order-77',
  trace_name: 'checkout',
  generation_name: 'extract',
  generation_id: 'g1',
  session_id: 's1',
  trace_user_id: 'u1',
  trace_version: 'v2',
  tags: ['vip'],
  invoice: 'i-9',
};

const SAID: CallRecord['said'] = {
  request: { model: 'fast', messages: [{ role: 'user', content: 'hi' }], temperature: 0.5 },
  answer: { model: 'fast-1', choices: [{ index: 0, message: { role: 'assistant', content: 'hello' } }] },
};

describe('by OpenTelemetry', () => {
  it('tells of a call what there is to tell, under the names that its caller gave it', async () => {
    await made().write([
      callRecord('a', { labels: LABELS, said: SAID, tags: ['vip', 'eu'], isStream: true, usage: { inputTokens: 12, outputTokens: 34, cachedInputTokens: 2 } }),
    ]);
    const [{ path, headers } = { path: '', headers: {} }] = server.received;
    expect(path).toBe('/api/public/otel/v1/traces');
    expect(headers.authorization).toBe(`Basic ${Buffer.from('pk-lf-1:sk-lf-canary').toString('base64')}`);
    const [span] = spans();
    expect(span).toMatchObject({ name: 'extract', startTimeUnixNano: '1767323045678000000', endTimeUnixNano: '1767323045691000000', status: {} });
    expect(span?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(span?.spanId).toMatch(/^[0-9a-f]{16}$/);
    const attributes = said(span);
    expect(attributes).toMatchObject({
      'langfuse.trace.name': 'checkout',
      'session.id': 's1',
      'user.id': 'u1',
      'langfuse.version': 'v2',
      'langfuse.trace.tags': ['vip', 'eu'],
      'langfuse.trace.metadata.invoice': 'i-9',
      'langfuse.observation.type': 'generation',
      'langfuse.observation.level': 'DEFAULT',
      'langfuse.observation.model.name': 'fast-1',
      'langfuse.observation.metadata.deploymentId': 'd1',
    });
    const json = (name: string): unknown => JSON.parse(String(attributes[`langfuse.observation.${name}`]));
    expect(json('usage_details')).toEqual({ input: 10, output: 34, cache_read_input_tokens: 2, total: 46 });
    expect(json('cost_details')).toEqual({ total: 0.0000056 });
    expect(json('input')).toEqual([{ role: 'user', content: 'hi' }]);
    expect(json('output')).toEqual({ role: 'assistant', content: 'hello' });
    expect(json('model.parameters')).toEqual({ temperature: 0.5 });
    expect(json('completion_start_time')).toBe('2026-01-02T03:04:05.681Z');
  });

  it('puts calls of one trace into one, and keeps ids that are ids of OpenTelemetry already', async () => {
    const id = '0af7651916cd43dd8448eb211c80319c';
    await made().write([
      callRecord('a', { labels: { trace_id: 't' } }),
      callRecord('b', { labels: { trace_id: 't' } }),
      callRecord('c', { labels: { trace_id: id } }),
    ]);
    const [first, second, third] = spans();
    expect(first?.traceId).toBe(second?.traceId);
    expect(first?.spanId).not.toBe(second?.spanId);
    expect(third?.traceId).toBe(id);
  });

  it('says nothing of a trace that somebody else has begun but what is asked for', async () => {
    await made().write([callRecord('a', { labels: { ...LABELS, existing_trace_id: 'theirs', update_trace_keys: ['session_id'] }, said: SAID })]);
    const attributes = said(spans()[0]);
    expect(attributes['session.id']).toBe('s1');
    for (const name of ['user.id', 'langfuse.trace.name', 'langfuse.trace.tags', 'langfuse.trace.input']) expect(attributes).not.toHaveProperty([name]);
  });

  it('keeps to itself what a caller wants masked', async () => {
    await made().write([callRecord('a', { labels: { mask_input: true, mask_output: true }, said: SAID })]);
    expect(JSON.stringify(spans())).not.toMatch(/hello|"hi"/);
  });

  it('tells what failed as such, and nothing of strangers, lists and probes', async () => {
    await made().write([
      callRecord('a', { status: 'error', code: 'upstream_error', message: 'gone' }),
      callRecord('b', { status: 'refused', code: 'invalid_credentials', keyId: undefined }),
      callRecord('c', { operation: 'models.list' }),
    ]);
    expect(spans()).toHaveLength(1);
    expect(spans()[0]?.status).toEqual({ code: 2, message: 'upstream_error: gone' });
  });
});

describe("by Langfuse's own library", () => {
  it('tells the same', async () => {
    await made({ api: 'ingestion' }).write([callRecord('a', { labels: LABELS, said: SAID })]);
    expect(server.received[0]?.path).toBe('/api/public/ingestion');
    const trace = events().find(({ type }) => type === 'trace-create')?.body;
    expect(trace).toMatchObject({
      id: 'order-77',
      name: 'checkout',
      sessionId: 's1',
      userId: 'u1',
      tags: ['vip'],
      version: 'v2',
      metadata: { invoice: 'i-9' },
    });
    const generation = events().find(({ type }) => type === 'generation-create')?.body;
    expect(generation).toMatchObject({
      id: 'g1',
      traceId: 'order-77',
      name: 'extract',
      model: 'fast-1',
      modelParameters: { temperature: 0.5 },
      usageDetails: { input: 12, output: 34, total: 46 },
      costDetails: { total: 0.0000056 },
      startTime: '2026-01-02T03:04:05.678Z',
      endTime: '2026-01-02T03:04:05.691Z',
      output: { role: 'assistant', content: 'hello' },
    });
  });

  it('has arrived in whole when a write is over, however large it is, and writes nothing to the console', async () => {
    const written = [vi.spyOn(console, 'log'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'debug')];
    const said = (length: number): NonNullable<CallRecord['said']> => ({ request: { messages: ['x'.repeat(length)] } });
    const records = [
      ...Array.from({ length: 60 }, (_, index) => callRecord(String(index), { said: said(20_000) })),
      callRecord('long', { said: said(500_000) }),
    ];
    await made({ api: 'ingestion' }).write(records);
    expect(server.received.length).toBeGreaterThan(1);
    expect(events().filter(({ type }) => type === 'generation-create')).toHaveLength(61);
    expect(events().at(-1)?.body.input).toBe('[left out: too long for one entry]');
    for (const spy of written) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('fails where entries are refused, and writes nothing to the console', async () => {
    const written = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    server.answer = { status: 207, body: { successes: [], errors: [{ id: 'x', status: 400 }] } };
    await expect(made({ api: 'ingestion' }).write([callRecord('a')])).rejects.toThrow('Langfuse has refused 1 of 2 entries');
    server.answer = { status: 401 };
    await expect(made({ api: 'ingestion' }).write([callRecord('a')])).rejects.toThrow('not taken: 401');
    expect(written).not.toHaveBeenCalled();
    written.mockRestore();
  });
});

describe.each(['otlp', 'ingestion'] as const)('whatever becomes of a server (%s)', (api) => {
  it.each([
    ['refuses', { status: 401 }, 1],
    ['fails', { status: 500 }, 2],
    ['hangs', 'hang', 2],
  ] as const)('that %s, the write fails after a try or two and names no key', async (_what, answer, tries) => {
    server.answer = answer;
    const failure = await Promise.resolve(made({ api, timeoutMs: 200 }).write([callRecord('a')])).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(failure?.message).toMatch(/^not taken: /);
    expect(`${failure?.message} ${failure?.stack}`).not.toContain('canary');
    expect(server.received).toHaveLength(tries);
  });
});

it('a gateway loses no answer to a server that hangs, and reports what it has lost (P41)', async () => {
  server.answer = 'hang';
  const errors: unknown[] = [];
  const models = [{ name: 'assistant', deployments: [{ id: 'demo', provider: 'demo', model: 'demo' }] }];
  const gateway = createGateway({
    providers: [demo()],
    models,
    auth: false,
    recordMessages: true,
    sinks: [made({ timeoutMs: 100 })],
    onError: (error) => errors.push(error),
  });
  const ask = (content: string) => gateway.chat.completions.create({ model: 'assistant', messages: [{ role: 'user', content }] });
  await Promise.all(Array.from({ length: 20 }, (_, index) => ask(`question ${index}`)));
  await gateway.close();
  expect(errors.map(String).join()).toMatch(/Sink 'langfuse' has lost \d+ call records/);
  expect(errors.map(String).join()).not.toContain('question');
});

it('a gateway tells what was said only where it records it (P55)', async () => {
  const models = [{ name: 'assistant', deployments: [{ id: 'demo', provider: 'demo', model: 'demo' }] }];
  for (const recordMessages of [false, true]) {
    const gateway = createGateway({ providers: [demo()], models, auth: false, recordMessages, sinks: [made()] });
    for await (const _ of await gateway.chat.completions.create({ model: 'assistant', stream: true, messages: [{ role: 'user', content: 'about penguins' }] }));
    await gateway.close();
    expect(JSON.stringify(server.received).includes('penguins')).toBe(recordMessages);
  }
});

it('is made from a configuration file and the environment, and tells its mistakes', () => {
  const env = { LANGFUSE_PUBLIC_KEY: 'pk', LANGFUSE_SECRET_KEY: 'sk', LANGFUSE_HOST: 'http://127.0.0.1:3000' };
  expect(sink.create({}, env).name).toBe('langfuse');
  expect(() => sink.create({}, {})).toThrow(/publicKey: .*LANGFUSE_PUBLIC_KEY[^]*secretKey: .*LANGFUSE_SECRET_KEY/);
  expect(() => sink.create({}, { ...env, LANGFUSE_HOST: 'langfuse' })).toThrow(/baseUrl: LANGFUSE_HOST has to be/);
  expect(() => sink.create({ api: 'grpc', secretkey: 'x' }, env)).toThrow(/api: .*'otlp' or 'ingestion'[^]*Did you mean 'secretKey'/);
});
