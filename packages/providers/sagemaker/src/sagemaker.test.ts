import { type Deployment, type Operation, type ProviderCall, secret, type WireRequest } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { sagemaker, sagemakerChat } from './sagemaker.ts';

const options = { aws_access_key_id: 'AKIDEXAMPLE', aws_secret_access_key: secret('x') };
const deployment: Deployment = { id: 'd', provider: 'sagemaker', model: 'my-endpoint', options };
const env = { AWS_REGION: 'eu-west-1' };
const provider = sagemaker({ env });

function callOf(operation: Operation, request: object): ProviderCall {
  return { operation, request: { model: 'm', ...request }, deployment };
}

function requestOf(operation: Operation, request: object): WireRequest {
  const wire = provider.operations[operation]?.toRequest(callOf(operation, request));
  if (!wire) throw new Error(`It has no ${operation}`);
  return wire;
}

const bodyOf = ({ body }: WireRequest): unknown => JSON.parse(body as string);

describe('text generation', () => {
  test('is asked for in the words of its containers', () => {
    const wire = requestOf('completions', { prompt: 'Once', max_tokens: 9, temperature: 0, seed: 5, stop: '.', stream: true });
    expect(wire.url).toBe('https://runtime.sagemaker.eu-west-1.amazonaws.com/endpoints/my-endpoint/invocations-response-stream');
    const parameters = { details: true, seed: 5, do_sample: false, max_new_tokens: 9, stop: ['.'] };
    expect(bodyOf(wire)).toEqual({ inputs: 'Once', parameters, stream: true });
  });

  test('refuses what it has no word for', () => {
    expect(() => requestOf('completions', { prompt: ['a', 'b'] })).toThrow(/one prompt a call/);
    expect(() => requestOf('completions', { prompt: 'a', best_of: 2 })).toThrow(/best_of/);
  });

  test('is read whole and token by token', () => {
    const { completions } = provider.operations;
    const call = callOf('completions', { prompt: 'a' });
    const whole = completions?.toReply?.([{ generated_text: ' upon', details: { finish_reason: 'eos_token' } }], call);
    expect(whole).toMatchObject({ object: 'text_completion', model: 'my-endpoint', choices: [{ text: ' upon', finish_reason: 'stop' }] });
    const read = completions?.toChunks?.(call);
    const event = (token: object, details: object | null = null): { event: undefined; data: string } => ({
      event: undefined,
      data: JSON.stringify({ token, generated_text: null, details }),
    });
    const last = event({ text: '</s>', special: true }, { finish_reason: 'length', generated_tokens: 2 });
    expect([event({ text: ' up', special: false }), last].flatMap((each) => read?.(each))).toMatchObject([
      { choices: [{ text: ' up', finish_reason: null }] },
      { choices: [{ text: '', finish_reason: 'length' }] },
    ]);
    expect([event({ text: ' up' }), last].map((each) => completions?.isEnd?.(each))).toEqual([false, true]);
    expect(() => completions?.toReply?.({}, call)).toThrow(/generated_text/);
  });
});

test('vectors are asked for and read', () => {
  const wire = requestOf('embeddings', { input: ['a', 'b'] });
  expect(wire.url).toMatch(/\/endpoints\/my-endpoint\/invocations$/);
  expect(bodyOf(wire)).toEqual({ text_inputs: ['a', 'b'] });
  const reply = provider.operations.embeddings?.toReply?.({ embedding: [[1], [2]] }, callOf('embeddings', { input: ['a', 'b'] }));
  expect(reply).toMatchObject({
    data: [
      { index: 0, embedding: [1] },
      { index: 1, embedding: [2] },
    ],
  });
});

test('a request is signed for SageMaker in its region', async () => {
  const signed = await provider.sign?.(requestOf('embeddings', { input: 'a' }), deployment);
  expect(signed?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/sagemaker\/aws4_request/);
});

test('a region or an address that is missing is told at start-up', () => {
  const { problemsOf } = sagemakerChat({ env: {} });
  expect(problemsOf?.(deployment)).toEqual(['It needs a region: set options.aws_region_name, or AWS_REGION in the environment.']);
  expect(problemsOf?.({ ...deployment, baseUrl: 'https://runtime.sagemaker.us-east-1.amazonaws.com' })).toEqual([]);
});

test('a key is refused at start-up, since calls are signed', () => {
  const [problem] = provider.problemsOf?.({ ...deployment, apiKey: secret('sk-1') }) ?? [];
  expect(problem).toMatch(/SageMaker takes no key.*aws_access_key_id/);
  expect(problem).not.toContain('sk-1');
});
