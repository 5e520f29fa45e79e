import { type Deployment, GatewayError, type JsonObject, type ProviderCall } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { textGeneration } from './text-generation.ts';

const deployment: Deployment = { id: 'd', provider: 'own', model: 'own-model' };
const generation = textGeneration((body) => ({ url: 'http://127.0.0.1/generate', headers: {}, body: JSON.stringify(body) }));

function callOf(request: JsonObject, more: Partial<Deployment> = {}): ProviderCall {
  return { operation: 'completions', request: { model: 'm', prompt: 'Once', ...request }, deployment: { ...deployment, ...more } };
}

function parametersOf(request: JsonObject, more: Partial<Deployment> = {}): JsonObject {
  return (JSON.parse(String(generation.toRequest(callOf(request, more)).body)) as { parameters: JsonObject }).parameters;
}

describe('a request', () => {
  test('is in the words of the server', () => {
    const request = { max_tokens: 9, temperature: 0.5, top_p: 0.9, stop: '.', seed: 7, user: 'u', stream: true, n: 1, presence_penalty: 0 };
    expect(parametersOf(request)).toEqual({ details: true, max_new_tokens: 9, temperature: 0.5, top_p: 0.9, stop: ['.'], seed: 7 });
  });

  test('samples only where that was asked for', () => {
    expect(parametersOf({ temperature: 0, top_p: 0.5, top_k: 3 })).toEqual({ details: true, do_sample: false });
    expect(parametersOf({ top_p: 1 })).toEqual({ details: true });
  });

  test('is given back with the answer, but not in streams', () => {
    expect(parametersOf({ echo: true })).toMatchObject({ return_full_text: true });
    expect(() => parametersOf({ echo: true, stream: true })).toThrow(/'echo'/);
    expect(parametersOf({ echo: true, stream: true }, { parameterRules: { dropUnsupported: true } })).toEqual({ details: true });
  });

  test.each(['n', 'best_of', 'logprobs', 'suffix', 'logit_bias'])('is refused for %s', (field) => {
    expect(() => parametersOf({ [field]: 2 })).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param: field }));
  });

  test.each([[['a', 'b']], [[1, 2]]])('is refused for the prompt %o', (prompt) => {
    expect(() => parametersOf({ prompt })).toThrow(/one prompt a call/);
  });
});

describe('an answer', () => {
  test.each([
    ['eos_token', 'stop'],
    ['stop_sequence', 'stop'],
    ['length', 'length'],
  ])('that ended by %s has finished with %s, and counts what was generated', (finish_reason, finish) => {
    const call = callOf({ prompt: 'x'.repeat(40) });
    const reply = generation.toReply({ generated_text: ' upon', details: { finish_reason, generated_tokens: 3 } }, call);
    expect(reply).toMatchObject({ object: 'text_completion', model: 'own-model', choices: [{ text: ' upon', finish_reason: finish }] });
    expect(generation.toUsage(reply, call)).toEqual({ inputTokens: 10, outputTokens: 3 });
  });

  test('in a list, and without details, is one too', () => {
    const reply = generation.toReply([{ generated_text: ' upon' }], callOf({}));
    expect(reply).toMatchObject({ choices: [{ text: ' upon', finish_reason: 'stop' }] });
    expect(generation.toUsage(reply, callOf({}))).toBeUndefined();
  });

  test('without a text is none', () => {
    expect(() => generation.toReply({}, callOf({}))).toThrow(GatewayError);
  });

  test('in tokens tells both counts at its end, and shows no special tokens', () => {
    const read = generation.toChunks(callOf({}));
    const event = (token: object, details: object | null = null): { event: undefined; data: string } => ({
      event: undefined,
      data: JSON.stringify({ index: 1, token: { id: 1, logprob: -1, special: false, ...token }, generated_text: null, details }),
    });
    const last = event({ text: '</s>', special: true }, { finish_reason: 'eos_token', generated_tokens: 2, input_length: 5 });
    const events = [event({ text: ' up' }), last];
    expect(events.flatMap((each) => read(each))).toMatchObject([
      { choices: [{ text: ' up', finish_reason: null }] },
      { choices: [{ text: '', finish_reason: 'stop' }] },
      { choices: [], usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 } },
    ]);
    expect(events.map((each) => generation.isEnd(each))).toEqual([false, true]);
  });
});
