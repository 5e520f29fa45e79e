import { defineProvider, MODEL_OPERATIONS, type Price, type Provider } from '@sluice/core';
import { answer } from './answer.ts';
import { composeAnswer, type Composed } from './compose-answer.ts';
import { readWire, toMapping } from './mapping.ts';
import { mockOf, mockProblems } from './mock-response.ts';
import { readExchange, type Replay } from './recorded-exchange.ts';
import { findAnswer, type ScriptedAnswer } from './scripted-answer.ts';
import { respond, streamed } from './wire-response.ts';

export type DemoOptions = {
  /** Default `demo`. */
  readonly name?: string;
  /** Answers made up beforehand; the first that is for a request is given. Without one the demo model answers by itself. */
  readonly answers?: readonly ScriptedAnswer[];
  /** Between the pieces of a stream, in milliseconds. Default 15. */
  readonly pieceDelayMs?: number;
};

/**
 * A provider without a network or a model, for trying the gateway out and for the tests of applications.
 * It is read like any other: it only brings its own answers in place of a network's.
 *
 * @example demo({ answers: [{ match: 'weather', toolCalls: [{ name: 'get_weather', arguments: { city: 'Paris' } }] }] })
 */
export function demo({ name = OWN_NAME, answers = [], pieceDelayMs = 15 }: DemoOptions = {}): Provider {
  const exchanges = new Map<string, Replay>();
  for (const scripted of answers) if ('replay' in scripted) read(scripted.replay);

  /** Files are read once, at the start where they are known by then. */
  function read(recorded: Replay | string): Replay {
    if (typeof recorded !== 'string') return recorded;
    const known = exchanges.get(recorded) ?? readExchange(recorded);
    exchanges.set(recorded, known);
    return known;
  }

  return defineProvider({
    name,
    operations: Object.fromEntries(MODEL_OPERATIONS.map((operation) => [operation, toMapping(operation)])),
    problemsOf: mockProblems,
    // Under the name of another provider, for tests, models cost what they cost there.
    priceOf: () => (name === OWN_NAME ? FREE : undefined),
    async send(wire, { signal }) {
      const call = await readWire(wire);
      const scripted = mockOf(call) ?? findAnswer(answers, call.request);
      if (scripted && 'error' in scripted) return failed(scripted.error);
      if (scripted && 'json' in scripted) return respond(200, JSON_TYPE, JSON.stringify(scripted.json));
      if (scripted && 'replay' in scripted) return replay(read(scripted.replay));
      const given = answer(call, scripted ? toComposed(scripted) : composeAnswer(call.request));
      switch (given.kind) {
        case 'json':
          return respond(200, JSON_TYPE, JSON.stringify(given.body));
        case 'bytes':
          return respond(200, { 'content-type': given.contentType }, given.bytes);
        case 'events':
          return streamed(given.events, { signal, delayMs: pieceDelayMs, endsWithDone: call.operation !== 'responses' });
      }
    },
  });
}

const OWN_NAME = 'demo';
const FREE: Price = { input: 0, output: 0 };
const JSON_TYPE = { 'content-type': 'application/json' };

function replay({ status = 200, contentType, body }: Replay): ReturnType<typeof respond> {
  return respond(status, { 'content-type': contentType }, body);
}

function failed({
  status,
  message,
  code = null,
  retryAfterSeconds,
}: {
  status: number;
  message: string;
  code?: string | null;
  retryAfterSeconds?: number;
}): ReturnType<typeof respond> {
  const headers = { ...JSON_TYPE, ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }) };
  return respond(status, headers, JSON.stringify({ error: { message, type: 'demo_error', param: null, code } }));
}

function toComposed(scripted: Extract<ScriptedAnswer, { readonly text: string } | { readonly toolCalls: unknown }>): Composed {
  if ('text' in scripted) return { text: scripted.text, reasoning: scripted.reasoning, finish: scripted.finish ?? 'stop' };
  return { text: '', toolCalls: scripted.toolCalls.map(({ name, arguments: given }) => ({ name, arguments: JSON.stringify(given) })), finish: 'tool_calls' };
}
