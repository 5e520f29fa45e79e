import { readFileSync } from 'node:fs';
import type { JsonObject, ModelRequest, Provider } from '@sluice/core';
import { anthropic } from '@sluice/provider-anthropic';
import { bedrock } from '@sluice/provider-bedrock';
import { gemini } from '@sluice/provider-google';
import { openai, openaiCompatible } from '@sluice/provider-openai';
import { ask } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../support/shared.ts';

type Case = {
  readonly name: string;
  readonly client_request: ModelRequest;
  readonly expected_provider_endpoint?: string;
  readonly expected_provider_headers?: Readonly<Record<string, string>>;
  readonly expected_provider_request: JsonObject & { readonly model?: string };
  readonly provider_response: JsonObject;
  readonly expected_client_response?: JsonObject;
  readonly expected_client_response_part?: JsonObject;
};

/** How a case is put to us, and where we do otherwise than LiteLLM, with the reason. */
type Reading = {
  readonly provider: Provider;
  readonly deployment: { readonly model: string; readonly baseUrl?: string };
  readonly operation?: 'chat' | 'responses';
  /** Up to the path that the case names. */
  readonly base?: string;
  readonly requestDiffers?: Readonly<Record<string, string>>;
};

/** By the beginning of a case's name. Every case has to be under one of them. */
const READINGS: readonly (readonly [string, Reading])[] = [
  ['chat_completions/anthropic/', { provider: anthropic({ env: {} }), deployment: { model: 'claude-haiku-4-5' }, base: 'https://api.anthropic.com' }],
  [
    'chat_completions/bedrock_converse/',
    {
      provider: bedrock({ region: 'us-east-1', env: {} }),
      deployment: { model: 'converse/us.anthropic.claude-haiku-4-5-20251001-v1:0' },
      base: 'https://bedrock-runtime.us-east-1.amazonaws.com',
    },
  ],
  [
    'chat_completions/gemini/',
    { provider: gemini({ env: {} }), deployment: { model: 'gemini-3.5-flash' }, base: 'https://generativelanguage.googleapis.com/v1beta' },
  ],
  [
    'messages/gemini/',
    {
      provider: gemini({ env: {} }),
      deployment: { model: 'gemini-3.5-flash' },
      base: 'https://generativelanguage.googleapis.com/v1beta',
      requestDiffers: { 'generationConfig.temperature': 'LiteLLM puts in 1.0, which is what Gemini does unasked' },
    },
  ],
  [
    'messages/openai/',
    {
      provider: openai({ env: {} }),
      deployment: { model: 'gpt-5.4' },
      operation: 'responses',
      base: 'https://api.openai.com/v1',
      requestDiffers: {
        include: 'LiteLLM asks for encrypted reasoning of its own accord; here callers do',
        input: 'a text says the same as a list with one message',
      },
    },
  ],
  [
    'messages/bedrock_chat_completions/',
    { provider: openaiCompatible({ name: 'bedrock_openai', baseUrl: 'https://bedrock.example/openai/v1' }), deployment: { model: 'global.xai.grok-4.7' } },
  ],
  ['responses/anthropic/', { provider: anthropic({ env: {} }), deployment: { model: 'claude-haiku-4-5' }, base: 'https://api.anthropic.com' }],
];

/**
 * Callers speak OpenAI here: what a case says to Messages is asked as a chat or a response, which has to lead to the same
 * request. Where answers differ from LiteLLM's, everywhere: `id`, `created` and `model` are the provider's own, and what a
 * provider adds stands under its own name and not in `provider_specific_fields`; counts of text tokens are given where
 * the provider gives them.
 */
const path = sharedPath('recordings', 'litellm-oracles', 'translation.json');
const cases = path === undefined ? [] : (JSON.parse(readFileSync(path, 'utf8')) as { readonly cases: readonly Case[] }).cases;

describe('every translation that LiteLLM asserts is ours, but for what has a reason', () => {
  test('are there', (ctx) => {
    if (cases.length === 0) ctx.skip('the cases are not beside the checkout');
  });

  test.each(cases.map((each) => [each.name, each] as const))('%s', async (name, each) => {
    const { provider, deployment, operation = 'chat', base, requestDiffers = {} } = readingOf(name);
    const recording = { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(each.provider_response)) };
    const { sent, text } = await ask({ provider, deployment, operation, request: requestFor(operation, each.client_request), recording });

    const body = JSON.parse(String(sent?.body)) as JsonObject;
    const differing = Object.keys(requestDiffers);
    expect(without(body, differing)).toEqual(
      without(operation === 'responses' ? each.expected_provider_request : (respelled(each.expected_provider_request) as JsonObject), differing),
    );
    if (base !== undefined && each.expected_provider_endpoint !== undefined) expect(sent?.url).toBe(`${base}${each.expected_provider_endpoint}`);
    for (const [header, value] of Object.entries(each.expected_provider_headers ?? {})) {
      if (value.includes('synthetic')) expect(sent?.headers).toHaveProperty(header);
      else expect(sent?.headers[header]).toBe(value);
    }
    expect(saidBy(JSON.parse(text) as JsonObject)).toEqual(saidBy(each.expected_client_response ?? each.expected_client_response_part ?? {}));
  });
});

function readingOf(name: string): Reading {
  const found = READINGS.find(([beginning]) => name.startsWith(beginning));
  if (!found) throw new Error(`Nothing says how '${name}' is put to us`);
  return found[1];
}

/** The same call in the words of a chat, or of the Responses API. `cache` is a word to LiteLLM itself, and so it is to us. */
function requestFor(operation: 'chat' | 'responses', request: ModelRequest): ModelRequest {
  const { system, instructions, input, messages, max_output_tokens, max_tokens, tools, ...rest } = request;
  const limit = max_output_tokens ?? max_tokens;
  if (operation === 'responses') {
    const [{ content }] = messages as readonly [{ readonly content: string }];
    return { ...rest, input: content, instructions: system, max_output_tokens: limit };
  }
  const leading = system ?? instructions;
  const isMessages = system !== undefined || tools !== undefined;
  return {
    ...rest,
    messages: [
      ...(leading === undefined ? [] : [{ role: 'system', content: leading }]),
      ...((messages as readonly JsonObject[] | undefined) ?? [{ role: 'user', content: input }]),
    ],
    [isMessages && tools !== undefined ? 'max_completion_tokens' : 'max_tokens']: limit,
    ...(Array.isArray(tools) && { tools: tools.map(asFunction) }),
  };
}

function asFunction({ name, description, input_schema: parameters }: JsonObject): JsonObject {
  return { type: 'function', function: { name, description, parameters } };
}

type Said = {
  readonly text: string;
  readonly calls: readonly (readonly [unknown, unknown])[];
  readonly finish: string;
  readonly usage: readonly unknown[];
};

type Block = { readonly type?: string; readonly text?: string; readonly name?: string; readonly input?: unknown; readonly content?: readonly Block[] };
type Choice = {
  readonly finish_reason: string;
  readonly message: {
    readonly content?: string | null;
    readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: string } }[];
  };
};

/** Why an answer ended, in one word for all forms. */
const FINISHES: Readonly<Record<string, string>> = { end_turn: 'stop', completed: 'stop', tool_use: 'tool_calls' };

/** What an answer says in any of three forms: a chat completion, a message, a response. */
function saidBy({ choices, content, output, usage, ...rest }: JsonObject): Said {
  const counts = usage as JsonObject;
  const tokens = [counts.prompt_tokens ?? counts.input_tokens, counts.completion_tokens ?? counts.output_tokens];
  if (Array.isArray(choices)) {
    const [{ message, finish_reason: finish }] = choices as unknown as readonly [Choice];
    const calls = (message.tool_calls ?? []).map(({ function: call }) => [call.name, JSON.parse(call.arguments) as unknown] as const);
    return { text: message.content ?? '', calls, finish, usage: tokens };
  }
  const blocks = ((content ?? output) as readonly Block[]).flatMap((block) => block.content ?? [block]);
  const finish = String(rest.stop_reason ?? rest.status);
  return {
    text: blocks.map(({ text = '' }) => text).join(''),
    calls: blocks.filter(({ type }) => type === 'tool_use').map(({ name, input }) => [name, input] as const),
    finish: FINISHES[finish] ?? finish,
    usage: tokens,
  };
}

/** Google reads both spellings of a field. */
const SPELLED: Readonly<Record<string, string>> = { system_instruction: 'systemInstruction', max_output_tokens: 'maxOutputTokens' };

function respelled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(respelled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [SPELLED[name] ?? name, respelled(inner)]));
}

function without(body: JsonObject, places: readonly string[]): JsonObject {
  const copy = structuredClone(body) as Record<string, unknown>;
  for (const place of places) {
    const names = place.split('.');
    const last = names.pop() as string;
    const holder = names.reduce<Record<string, unknown> | undefined>((inner, name) => inner?.[name] as Record<string, unknown> | undefined, copy);
    if (holder) delete holder[last];
  }
  return copy;
}
