import { describe, expect, test } from 'vitest';
import type { ChatRequest, ModelRequest } from '../types/chat.ts';
import type { Deployment } from '../types/model.ts';
import { amendedRequest, type ConversationNeed } from './amended-request.ts';

const user = { role: 'user', content: 'Hi' } as const;
const toolCall = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } } as const;
const asked = { role: 'assistant', tool_calls: [toolCall] } as const;
const told = { role: 'tool', tool_call_id: 'c1', content: '7' } as const;

function amended(fields: object, needs: readonly ConversationNeed[], deployment: Partial<Deployment> = { parameterRules: { modify: true } }): ModelRequest {
  const request: ChatRequest = { model: 'm', messages: [user], ...fields };
  return amendedRequest(request, { id: 'd', provider: 'p', model: 'm', ...deployment }, needs);
}

test('what a deployment drops is gone at any depth, and the original is as it was', () => {
  const tools = [{ type: 'function', function: { name: 'a', strict: true } }, { type: 'function' }];
  const request = { model: 'm', tools, user: 'u' };
  const drop = ['tools[*].function.strict', 'tools[1].type', 'user', 'absent.field'];
  expect(amendedRequest(request, { id: 'd', provider: 'p', model: 'm', parameterRules: { drop } }, [])).toEqual({
    model: 'm',
    tools: [{ type: 'function', function: { name: 'a' } }, {}],
  });
  expect(request.tools[0]?.function?.strict).toBe(true);
});

describe('without `modify` nothing is changed', () => {
  test.each([{}, { parameterRules: {} }, { parameterRules: { modify: false } }])('%j', (deployment) => {
    const request = { model: 'm', messages: [asked], max_tokens: 9 };
    expect(amendedRequest(request, { id: 'd', provider: 'p', model: 'm', maxOutputTokens: 5, ...deployment }, ['user-first', 'tools-for-calls'])).toBe(request);
  });
});

test('a limit above what the model can do becomes what it can do', () => {
  const deployment = { parameterRules: { modify: true }, maxOutputTokens: 50 };
  expect(amended({ max_tokens: 60, max_completion_tokens: 40 }, [], deployment)).toMatchObject({ max_tokens: 50, max_completion_tokens: 40 });
});

test('user-first: a message of the user stands before all but the system', () => {
  const system = { role: 'system', content: 'Be brief' };
  expect(amended({ messages: [system, asked] }, ['user-first']).messages).toEqual([system, { role: 'user', content: '.' }, asked]);
  expect(amended({ messages: [system] }, ['user-first']).messages).toEqual([system, { role: 'user', content: '.' }]);
  expect(amended({ messages: [system, user] }, ['user-first']).messages).toEqual([system, user]);
});

test('text-in-questions: an empty question gets a word, a picture needs none', () => {
  const picture = { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] };
  const questions = [{ role: 'user', content: ' ' }, { role: 'user', content: [] }, { role: 'user', content: [{ type: 'text', text: '' }] }, picture, user];
  const words = { role: 'user', content: '.' };
  expect(amended({ messages: questions }, ['text-in-questions']).messages).toEqual([words, words, words, picture, user]);
});

test('tools-for-calls: a tool that does nothing is described where calls are told of without any', () => {
  expect(amended({ messages: [user, asked, told] }, ['tools-for-calls']).tools).toMatchObject([{ function: { name: 'no_tool' } }]);
  expect(amended({ messages: [user, told], tools: [{ type: 'function' }] }, ['tools-for-calls']).tools).toEqual([{ type: 'function' }]);
  expect(amended({}, ['tools-for-calls'])).not.toHaveProperty('tools');
});

test('results-for-calls: calls without a result get one that says so, results without a call go', () => {
  const second = { ...toolCall, id: 'c2' };
  const both = { role: 'assistant', tool_calls: [toolCall, second] };
  const stray = { role: 'tool', tool_call_id: 'c9', content: 'x' };
  const { messages } = amended({ messages: [user, stray, both, told, user, asked] }, ['results-for-calls']);
  expect(messages).toMatchObject([user, both, told, { role: 'tool', tool_call_id: 'c2' }, user, asked, { role: 'tool', tool_call_id: 'c1' }]);
  const whole = { model: 'm', messages: [user, asked, told, user] };
  expect(amended(whole, ['results-for-calls'])).toEqual(whole);
});

test('thoughts-for-calls: whoever kept no thoughts is not asked to think on', () => {
  const thoughts = { ...asked, thinking_blocks: [{ type: 'thinking', thinking: 'Hm', signature: 's' }] };
  const asks = { reasoning_effort: 'low', thinking: { type: 'enabled' } };
  const without = amended({ messages: [user, asked, told], ...asks }, ['thoughts-for-calls']);
  expect(without).not.toHaveProperty('thinking');
  expect(without).not.toHaveProperty('reasoning_effort');
  expect(amended({ messages: [user, thoughts, told], ...asks }, ['thoughts-for-calls'])).toMatchObject(asks);
  expect(amended({ messages: [user], ...asks }, ['thoughts-for-calls'])).toMatchObject(asks);
});
