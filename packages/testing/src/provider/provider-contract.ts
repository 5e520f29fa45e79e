import assert from 'node:assert/strict';
import type { Deployment, JsonObject, ModelRequest, Provider, Usage } from '@sluice/core';
import type { ContractCase } from '../store/store-contract.ts';
import { type Answered, ask, PROVIDER_KEY } from './ask.ts';
import { failureCases } from './failure-cases.ts';
import type { ProviderFixture } from './provider-fixture.ts';
import { readTold } from './read-told.ts';
import { streamCases } from './stream-cases.ts';
import type { ReplayOptions } from './recording.ts';

export type ProviderUnderTest = {
  readonly provider: Provider;
  readonly fixtures: readonly ProviderFixture[];
  /** Anything but the id, the provider and the key, such as a base URL. */
  readonly deployment?: Partial<Deployment>;
  /** Whether its deployments have a key. Default true. */
  readonly hasKey?: boolean;
};

/** Cuts of one stream that all have to read the same. */
const CUTS: readonly ReplayOptions[] = [{ cut: 'bytes' }, { cut: { seed: 1 } }, { cut: { seed: 2 } }, { cut: { seed: 3 } }];
const BREAKS = 12;

/**
 * Every rule that a provider keeps, as cases for any test runner. The fixtures should hold, for each operation,
 * a whole answer, a stream where there is one, a tool call, and an error.
 *
 * @example
 * for (const { name, run } of providerContract({ provider: mine(), fixtures })) test(name, run);
 */
export function providerContract({ provider, fixtures, deployment = {}, hasKey = true }: ProviderUnderTest): readonly ContractCase[] {
  const asking = (fixture: ProviderFixture, replay?: ReplayOptions, leaves = false): Promise<Answered> =>
    ask({
      provider,
      deployment,
      hasKey,
      leaves,
      operation: fixture.operation,
      request: fixture.request,
      recording: fixture.answer,
      before: fixture.before ?? [],
      ...(replay && { replay }),
    });

  const cases = fixtures.flatMap((fixture): ContractCase[] => [
    { name: `${fixture.name}: is answered right`, run: async () => check(fixture, await asking(fixture)) },
    { name: `${fixture.name}: the request keeps what the caller wrote, and its key to itself`, run: async () => checkRequest(fixture, await asking(fixture)) },
    ...(isStream(fixture) && !fixture.expected.error
      ? [
          { name: `${fixture.name}: reads the same wherever it is cut`, run: () => checkCuts(fixture, asking) },
          { name: `${fixture.name}: a break is an error and never a silent end`, run: () => checkBreaks(fixture, asking) },
          ...(bringsItsOwn(provider) || isJson(fixture) ? [] : streamCases(fixture, asking)),
        ]
      : []),
  ]);
  return [
    { name: `${provider.name}: has a name and can do something`, run: async () => checkProvider(provider) },
    ...failureCases(provider, deployment),
    ...cases,
  ];
}

/** A provider that sends by itself reads by itself too, and a recording takes its place as a whole. */
function bringsItsOwn({ send }: Provider): boolean {
  return send !== undefined;
}

function checkProvider(provider: Provider): void {
  assert.match(provider.name, /^[\w.-]+$/, 'A provider is named by letters, digits, dots and dashes, as it stands before the slash of a model name');
  assert.ok(Object.keys(provider.operations).length > 0, 'A provider has at least one operation');
}

/** Whether `answered` says what `fixture` expects. */
function check({ expected, answer }: ProviderFixture, { status, contentType, text, bytes, usage }: Answered): void {
  assert.ok(!text.includes(PROVIDER_KEY), "The provider's key is shown to the caller");
  if (expected.error) {
    checkError(expected.error, status, readTold(contentType, text).error);
    return;
  }
  assert.equal(status, 200, text);
  for (const [part, count] of Object.entries(expected.usage ?? {})) assert.equal(usage?.[part as keyof Usage], count, `Usage has other ${part}`);
  if (!/json|event-stream/.test(contentType)) {
    assert.deepEqual(bytes, Buffer.from(answer.body), 'Bytes are passed as they are');
    return;
  }
  const told = readTold(contentType, text);
  assert.ok(told.isComplete, 'The answer is complete');
  for (const [field, value] of Object.entries(expected.fields ?? {})) assert.deepEqual((JSON.parse(text) as JsonObject)[field], value);
  if (expected.text !== undefined) assert.equal(told.text, expected.text);
  if (expected.finish !== undefined) assert.equal(told.finish, expected.finish);
  if (expected.toolCalls)
    assert.deepEqual(
      told.toolCalls.map(({ name, arguments: given }) => ({ name, arguments: given === '' ? {} : JSON.parse(given) })),
      expected.toolCalls,
    );
  const { prompt_tokens: prompt, input_tokens: input = prompt, completion_tokens: completion, output_tokens: output = completion } = told.usage ?? {};
  if (expected.inputTokens !== undefined) assert.equal(input, expected.inputTokens);
  if (expected.outputTokens !== undefined) assert.equal(output, expected.outputTokens);
}

function checkError(expected: { readonly status?: number; readonly message?: RegExp }, status: number, error: JsonObject | undefined): void {
  assert.ok(error, 'There is an error for the caller');
  if (expected.status !== undefined) assert.equal(status, expected.status);
  if (expected.message) assert.match(String(error.message), expected.message);
  assert.deepEqual(Object.keys(error).sort(), ['code', 'message', 'param', 'type'], 'An error has the four fields that clients read');
  for (const field of ['message', 'type', 'code']) assert.equal(typeof error[field], 'string', `error.${field} is text`);
}

/** Whatever the host is, no request may carry the key where logs and caches can see it. */
function checkRequest({ request }: ProviderFixture, { sent, text: answer }: Answered): void {
  assert.ok(sent, `Nothing was sent to the provider: ${answer}`);
  assert.ok(URL.canParse(sent.url), `'${sent.url}' is no URL`);
  assert.ok(!sent.url.includes(PROVIDER_KEY), 'The key is in the URL');
  for (const [name, value] of Object.entries(sent.headers)) {
    assert.equal(name, name.toLowerCase(), 'Header names are in lower case');
    assert.ok(!/[\r\n\0]/.test(value), `Header ${name} has a line break`);
  }
  if (typeof sent.body !== 'string' && !(sent.body instanceof Uint8Array)) return;
  const body = Buffer.from(sent.body as Uint8Array).toString('utf8');
  assert.ok(!body.includes(PROVIDER_KEY), 'The key is in the body');
  for (const text of textsOf(request)) assert.ok(body.includes(JSON.stringify(text).slice(1, -1)), `The caller's text was lost: ${text}`);
}

async function checkCuts(fixture: ProviderFixture, asking: (fixture: ProviderFixture, replay?: ReplayOptions) => Promise<Answered>): Promise<void> {
  const whole = await asking(fixture);
  for (const replay of CUTS) assert.deepEqual(lasting(await asking(fixture, replay)), lasting(whole));
}

/** What an answer tells. Not its bytes: a provider whose API has no ids and times makes up new ones for each. */
function lasting({ contentType, text }: Answered): object {
  const told = readTold(contentType, text);
  return { ...told, toolCalls: told.toolCalls.map(({ name, arguments: given }) => ({ name, arguments: given })) };
}

async function checkBreaks(fixture: ProviderFixture, asking: (fixture: ProviderFixture, replay?: ReplayOptions) => Promise<Answered>): Promise<void> {
  const { length } = fixture.answer.body;
  for (let index = 0; index < BREAKS; index += 1) {
    // Not the last tenth: a provider may have said its last word before its last byte.
    const breakAfter = Math.floor((length * 0.9 * index) / BREAKS);
    const { contentType, text } = await asking(fixture, { breakAfter, cut: { seed: index } });
    const told = readTold(contentType, text);
    assert.ok(told.error, `Broken after ${breakAfter} of ${length} bytes, and nobody was told`);
    assert.ok(!told.isComplete, 'A broken stream claims to be complete');
  }
}

/** A host that does not stream though it was asked to. */
function isJson({ answer: { headers } }: ProviderFixture): boolean {
  return String(headers['content-type']).startsWith('application/json');
}

function isStream({ request, answer: { status, headers } }: ProviderFixture): boolean {
  return status === 200 && (request.stream === true || String(headers['content-type']).startsWith('text/event-stream'));
}

/** The plain texts of a conversation, an input, or a query with its documents. */
function textsOf({ messages, input, query, documents }: ModelRequest): string[] {
  const contents = Array.isArray(messages) ? (messages as readonly JsonObject[]).map(({ content }) => content) : [input, query, documents].flat();
  return contents.filter((content) => typeof content === 'string');
}
