import { type Deployment, type JsonObject, type Mapping, type ProviderCall, secret, type WireEvent } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { bedrock } from '../bedrock.ts';
import { frame } from '../frames.test.support.ts';

const given = bedrock({ region: 'us-east-1', env: {} });
const deployment: Deployment = { id: 'd', provider: 'bedrock', model: 'invoke/us.anthropic.claude-sonnet-4-5-20250929-v1:0', apiKey: secret('ABSK-1') };

function callOf(request: JsonObject = {}, more: Partial<Deployment> = {}): ProviderCall {
  return { operation: 'chat', request: { model: 'm', messages: [{ role: 'user', content: 'x' }], ...request }, deployment: { ...deployment, ...more } };
}

function mapping(): Mapping {
  const chat = given.operationsOf?.(deployment).chat;
  if (!chat) throw new Error('It cannot chat');
  return chat;
}

describe('a request', () => {
  test.each([
    [false, 'invoke'],
    [true, 'invoke-with-response-stream'],
  ])('is one of Messages, with the model and whether it streams (%s) in the address', (stream, action) => {
    const { url, body } = mapping().toRequest(callOf({ stream }));
    expect(url).toBe(`https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/${action}`);
    expect(JSON.parse(body as string)).toEqual({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 4096,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
    });
  });

  test('names trials within its body', () => {
    const call = callOf({ anthropic_beta: ['one'] }, { headers: { 'anthropic-beta': 'two, one' } });
    const { headers, body } = mapping().toRequest({ ...call, request: { ...call.request, context_management: { edits: [] } } });
    expect(headers).not.toHaveProperty('anthropic-beta');
    expect(JSON.parse(body as string)).toMatchObject({ anthropic_beta: ['one', 'two', 'context-management-2025-06-27'] });
  });
});

test('an error inside a stream is read in the words of whoever made it', () => {
  const codeOf = (body: object): string => mapping().toError({ status: 502, headers: {}, body: JSON.stringify(body) }, callOf()).code;
  expect(codeOf({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })).toBe('upstream_overloaded');
  expect(codeOf({ type: 'throttlingException', message: 'Too many tokens' })).toBe('upstream_rate_limited');
});

test('frames are unwrapped, and exceptions are left as they are', () => {
  const bytes = Buffer.from('{"type":"message_stop"}').toString('base64');
  const frames = Buffer.concat([frame('chunk', { bytes, p: 'abc' }), frame('throttlingException', { message: 'wait' }, 'exception')]);
  const events: readonly WireEvent[] = mapping().framing?.('application/vnd.amazon.eventstream', 10_000)?.push(frames).events ?? [];
  expect(events).toEqual([
    { event: undefined, data: '{"type":"message_stop"}' },
    { event: 'error', data: '{"type":"throttlingException","message":"wait"}' },
  ]);
  expect(events.map((event) => mapping().isEnd?.(event))).toEqual([true, false]);
});

test('a model that is no Claude is told at start-up', () => {
  const problems = (model: string, baseModel?: string): readonly string[] =>
    given.problemsOf?.({ ...deployment, model, ...(baseModel !== undefined && { baseModel }) }) ?? [];
  const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc';
  expect(problems('invoke/amazon.nova-lite-v1:0')).toEqual([expect.stringMatching(/^'invoke\/' is for Claude: leave it out/)]);
  expect(problems(`invoke/${arn}`)).toHaveLength(1);
  expect(problems(`invoke/${arn}`, 'claude-sonnet-4-5')).toEqual([]);
  expect(problems(`invoke/claude/${arn}`)).toEqual([]);
  expect(problems('amazon.nova-lite-v1:0')).toEqual([]);
});
