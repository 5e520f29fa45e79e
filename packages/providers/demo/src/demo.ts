import { defineProvider, type Provider } from '@sluice/core';
import { answer } from './answer.ts';
import { composeAnswer, type Composed } from './compose-answer.ts';
import { OPERATIONS, readWire, toMapping } from './mapping.ts';
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
export function demo({ name = 'demo', answers = [], pieceDelayMs = 15 }: DemoOptions = {}): Provider {
  return defineProvider({
    name,
    operations: Object.fromEntries(OPERATIONS.map((operation) => [operation, toMapping(operation)])),
    async send(wire, { signal }) {
      const call = await readWire(wire);
      const scripted = findAnswer(answers, call.request);
      if (scripted && 'error' in scripted) return failed(scripted.error);
      if (scripted && 'replay' in scripted)
        return respond(scripted.replay.status ?? 200, { 'content-type': scripted.replay.contentType }, scripted.replay.body);
      const given = answer(call, scripted ? toComposed(scripted) : composeAnswer(call.request));
      switch (given.kind) {
        case 'json':
          return respond(200, { 'content-type': 'application/json' }, JSON.stringify(given.body));
        case 'bytes':
          return respond(200, { 'content-type': given.contentType }, given.bytes);
        case 'events':
          return streamed(given.events, { signal, delayMs: pieceDelayMs, endsWithDone: call.operation !== 'responses' });
      }
    },
  });
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
  const headers = { 'content-type': 'application/json', ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }) };
  return respond(status, headers, JSON.stringify({ error: { message, type: 'demo_error', param: null, code } }));
}

function toComposed(scripted: Extract<ScriptedAnswer, { readonly text: string } | { readonly toolCalls: unknown }>): Composed {
  if ('text' in scripted) return { text: scripted.text, reasoning: scripted.reasoning, finish: scripted.finish ?? 'stop' };
  return { text: '', toolCalls: scripted.toolCalls.map(({ name, arguments: given }) => ({ name, arguments: JSON.stringify(given) })), finish: 'tool_calls' };
}
