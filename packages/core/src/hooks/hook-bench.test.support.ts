import { Context, type ContextInit } from '../pipeline/context.ts';
import type { Hook } from '../pipeline/hook.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import { onEnd } from '../stream/on-end.ts';
import type { Outcome, Reply, StreamReply } from '../types/call.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { Guardrail, GuardrailText, Verdict } from '../types/guardrail.ts';
import type { JsonObject } from '../types/json.ts';

/** A call as the gateway opens one. */
export function callOf(request: Partial<ModelRequest> = {}, init: Partial<ContextInit> = {}): Context {
  return new Context({
    id: 'call-1',
    operation: 'chat',
    request: { model: 'm', messages: [{ role: 'user', content: 'hi' }], ...request },
    source: { credentials: [] },
    principal: { keyId: 'k1' },
    controller: new AbortController(),
    ...init,
  });
}

export function complete(value: JsonObject): Reply {
  return { kind: 'complete', body: LazyJson.ofValue(value) };
}

/** A stream with one batch an entry; `end` makes it break. */
export function streamOf(batches: readonly (readonly JsonObject[])[], end?: Error): StreamReply & { readonly state: { returned: boolean; read: number } } {
  const state = { returned: false, read: 0 };
  const iterator: AsyncIterableIterator<{ events: LazyJson<JsonObject>[] }> = {
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      const batch = state.returned ? undefined : batches[state.read];
      if (batch === undefined) {
        if (end && !state.returned) throw end;
        return { done: true, value: undefined };
      }
      state.read += 1;
      return { done: false, value: { events: batch.map((event) => LazyJson.ofValue(event)) } };
    },
    async return() {
      state.returned = true;
      return { done: true, value: undefined };
    },
  };
  return { kind: 'stream', batches: iterator, state };
}

export type Ran = {
  readonly body?: JsonObject;
  readonly events: JsonObject[];
  readonly error?: unknown;
  readonly outcome: Outcome;
  readonly reports: unknown[];
};

/** Runs one hook around `answer` as the gateway does: reads the reply to its end, then does the deferred work. */
export async function runHook(hook: Hook, ctx: Context, answer: (ctx: Context) => Reply | Promise<Reply>): Promise<Ran> {
  const events: JsonObject[] = [];
  const reports: unknown[] = [];
  let body: JsonObject | undefined;
  let outcome: Outcome = { status: 'ok' };
  try {
    const reply = await hook.handle(ctx, async () => answer(ctx));
    if (reply.kind === 'complete') body = reply.body.value;
    if (reply.kind === 'stream') {
      const source = onEnd(reply.batches, ctx.controller, { done: (known) => void (outcome = known) });
      for await (const batch of source) events.push(...batch.events.map(({ value }) => value));
    }
  } catch (error) {
    outcome = ctx.signal.aborted ? { status: 'aborted' } : { status: 'error', error };
  }
  await ctx.settle(outcome, (error) => reports.push(error));
  return { ...(body && { body }), events, ...(outcome.status === 'error' && { error: outcome.error }), outcome, reports };
}

/** Finds `word` wherever it stands, and says where. */
export function finder(word: string, action: 'block' | 'redact', name = 'finder'): Guardrail {
  return {
    name,
    check({ text, from }: GuardrailText): Verdict {
      const edits = [...text.matchAll(new RegExp(word, 'g'))]
        .map(({ 0: match, index }) => ({ start: index, end: index + match.length, replacement: '[x]' }))
        .filter(({ end }) => end > from);
      const [first] = edits;
      if (!first) return { action: 'allow' };
      return action === 'block' ? { action, reason: 'a forbidden word', span: first } : { action, edits };
    },
  };
}
