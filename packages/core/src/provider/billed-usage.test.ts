import { describe, expect, test } from 'vitest';
import type { ModelRequest } from '../types/chat.ts';
import { onTermsOf } from './billed-usage.ts';
import { readUsage } from './wire-usage.ts';

const call = (request: object) => ({ operation: 'chat' as const, request: request as ModelRequest, deployment: { id: 'd', provider: 'p', model: 'm' } });
const counts = { prompt_tokens: 10, completion_tokens: 5 };

describe('a service tier', () => {
  test.each<[string, object, object, string | undefined]>([
    ['is the one that the answer names', { service_tier: 'priority', usage: counts }, {}, 'priority'],
    ['is named in the usage by some', { usage: { ...counts, service_tier: 'Batch' } }, {}, 'batch'],
    ['is the one asked for where the answer names none', { usage: counts }, { service_tier: 'flex' }, 'flex'],
    ['is the usual one where the provider served no other', { service_tier: 'default', usage: counts }, { service_tier: 'priority' }, undefined],
    ['is the usual one by other names', { service_tier: 'standard', usage: counts }, {}, undefined],
    ['is nothing where a caller says nonsense', { usage: counts }, { service_tier: 5 }, undefined],
  ])('%s', (_, reply, request, expected) => {
    expect(onTermsOf(readUsage(reply as never) ?? { inputTokens: 0, outputTokens: 0 }, call(request)).serviceTier).toBe(expected);
  });
});

describe('searches of the web are counted', () => {
  test.each<[string, object, number]>([
    ['as Claude reports them', { usage: { ...counts, server_tool_use: { web_search_requests: 3 } } }, 3],
    ['as OpenRouter does', { usage: { ...counts, server_tool_use_details: { web_search_requests: 2 } } }, 2],
    [
      'by what a response shows, without pages that were only opened',
      {
        output: [
          { type: 'web_search_call', action: { type: 'search' } },
          { type: 'web_search_call', action: { type: 'open_page' } },
          { type: 'web_search_call' },
        ],
        usage: { input_tokens: 1, output_tokens: 1 },
      },
      2,
    ],
  ])('%s', (_, reply, expected) => {
    expect(readUsage(reply as never)?.webSearches).toBe(expected);
  });

  test('and their size is that of the request', () => {
    const usage = { inputTokens: 1, outputTokens: 1, webSearches: 1 };
    expect(onTermsOf(usage, call({ web_search_options: { search_context_size: 'high' } })).webSearchSize).toBe('high');
    expect(onTermsOf(usage, call({ web_search_options: { search_context_size: 'medium' } })).webSearchSize).toBeUndefined();
  });
});

test('sound that was written down is counted as sound', () => {
  const usage = { type: 'tokens', input_tokens: 14, output_tokens: 45, input_token_details: { text_tokens: 4, audio_tokens: 10 } };
  expect(readUsage({ usage })).toEqual({ inputTokens: 14, outputTokens: 45, audioInputTokens: 10 });
});
