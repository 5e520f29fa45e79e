import type { Deployment, JsonObject, ModelRequest, Provider, Usage } from '@sluice/core';
import { ask, readTold, type Recording, type Told } from '@sluice/testing';
import { expect } from 'vitest';
import { lostIn, type Words } from '../support/examples/words.ts';

export type Answering = { readonly provider: Provider; readonly deployment?: Partial<Deployment>; readonly request?: JsonObject };

const FINISHES = new Set(['stop', 'length', 'tool_calls', 'content_filter']);

/** What a caller of chat finds when the provider answers so; told again from the beginning if it is no regular answer. */
export async function told(
  { provider, deployment = {}, request = {} }: Answering,
  recording: Recording,
  stream: boolean,
): Promise<Told & { readonly text: string; readonly whole: string; readonly status: number; readonly counted: Usage | undefined }> {
  const asked: ModelRequest = {
    model: 'm',
    messages: [{ role: 'user', content: 'x' }],
    ...request,
    ...(stream && { stream, stream_options: { include_usage: true } }),
  };
  const answered = await ask({ provider, deployment, operation: 'chat', request: asked, recording });
  return { ...readTold(answered.contentType, answered.text), whole: answered.text, status: answered.status, counted: answered.usage };
}

/** That an answer came whole, with a reason for its end that clients know, and with every word that was said. */
export function expectWhole(answer: Awaited<ReturnType<typeof told>>, supply: Words, what: string): void {
  expect([what, answer.error, answer.isComplete]).toEqual([what, undefined, true]);
  expect(FINISHES.has(answer.finish ?? ''), `${what}: ${answer.finish}`).toBe(true);
  expect([what, lostIn([answer.whole, answer.toolCalls], supply)]).toEqual([what, []]);
}

export function asJson(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

export function asEvents(events: readonly JsonObject[]): Recording {
  const named = (event: JsonObject): string => (typeof event.type === 'string' ? `event: ${event.type}\n` : '');
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: Buffer.from(events.map((event) => `${named(event)}data: ${JSON.stringify(event)}\n\n`).join('')),
  };
}
