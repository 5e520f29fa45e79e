import { type Deployment, type ProviderCall, secret, type WireRequest } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { bedrock } from './bedrock.ts';
import { provider } from './provider-package.ts';

const deployment: Deployment = { id: 'd', provider: 'bedrock', model: 'amazon.nova-lite-v1:0', apiKey: secret('ABSK-1') };
const env = { AWS_REGION: 'us-east-1' };
const ARN = 'arn:aws:bedrock:eu-west-3:123456789012:application-inference-profile/abc123';
const INVOKE = 'https://bedrock-runtime.us-east-1.amazonaws.com/model';

function requestOf(more: Partial<Deployment> = {}, request = {}, variables: Record<string, string> = env): WireRequest {
  const call: ProviderCall = {
    operation: 'chat',
    request: { model: 'm', messages: [{ role: 'user', content: 'x' }], ...request },
    deployment: { ...deployment, ...more },
  };
  const { chat } = bedrock({ env: variables }).operations;
  if (!chat) throw new Error('It cannot chat');
  return chat.toRequest(call);
}

describe('an address', () => {
  test.each<[Partial<Deployment>, object, string]>([
    [{}, {}, `${INVOKE}/amazon.nova-lite-v1%3A0/converse`],
    [{}, { stream: true }, `${INVOKE}/amazon.nova-lite-v1%3A0/converse-stream`],
    [{ model: 'converse/us.anthropic.claude-sonnet-5' }, {}, `${INVOKE}/us.anthropic.claude-sonnet-5/converse`],
    [{ model: 'eu-central-1/anthropic.claude-v2' }, {}, 'https://bedrock-runtime.eu-central-1.amazonaws.com/model/anthropic.claude-v2/converse'],
    [{ model: ARN }, {}, `https://bedrock-runtime.eu-west-3.amazonaws.com/model/${encodeURIComponent(ARN)}/converse`],
    [{ model: `converse/llama/${ARN}` }, {}, `https://bedrock-runtime.eu-west-3.amazonaws.com/model/${encodeURIComponent(ARN)}/converse`],
    [
      { options: { model_id: ARN, aws_region_name: 'us-west-2' } },
      {},
      `https://bedrock-runtime.us-west-2.amazonaws.com/model/${encodeURIComponent(ARN)}/converse`,
    ],
    [{ options: { aws_region_name: 'cn-north-1' } }, {}, 'https://bedrock-runtime.cn-north-1.amazonaws.com.cn/model/amazon.nova-lite-v1%3A0/converse'],
    [{ baseUrl: 'http://127.0.0.1:8080/' }, {}, 'http://127.0.0.1:8080/model/amazon.nova-lite-v1%3A0/converse'],
    [{ options: { aws_bedrock_runtime_endpoint: 'https://vpce.example' } }, {}, 'https://vpce.example/model/amazon.nova-lite-v1%3A0/converse'],
    [{ model: '../x?y#z' }, {}, `${INVOKE}/..%2Fx%3Fy%23z/converse`],
  ])('is made of %j', (more, request, url) => {
    expect(requestOf(more, request).url).toBe(url);
  });

  test('may stand in the environment, and tell the region', () => {
    const variables = { AWS_BEDROCK_RUNTIME_ENDPOINT: 'https://bedrock-runtime.ap-south-1.amazonaws.com' };
    expect(requestOf({}, {}, variables).url).toContain('https://bedrock-runtime.ap-south-1.');
  });

  test('has the headers of the options and the deployment, in lower case', () => {
    expect(requestOf({ headers: { 'X-Amzn-Bedrock-Trace': 'ENABLED' } }).headers).toMatchObject({
      'content-type': 'application/json',
      'x-amzn-bedrock-trace': 'ENABLED',
    });
  });
});

describe('a credential', () => {
  const sent = async (more: Partial<Deployment>, variables: Record<string, string>): Promise<string | undefined> => {
    const found = { ...deployment, ...more };
    const given = bedrock({ env: variables });
    return (await given.sign?.(requestOf(more, {}, variables), found))?.headers.authorization;
  };

  test('is a bearer where there is a key, and a signature of the region where there are two', async () => {
    const { apiKey: _, ...bare } = deployment;
    expect(await sent({}, env)).toBe('Bearer ABSK-1');
    const keys = { aws_access_key_id: 'AKIDEXAMPLE', aws_secret_access_key: secret('x') };
    const signed = await bedrock({ env }).sign?.(requestOf(), { ...bare, model: 'eu-west-1/amazon.nova-lite-v1:0', options: keys });
    expect(signed?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/bedrock\/aws4_request, SignedHeaders=[\w;-]*host/,
    );
  });

  test('or a region that is missing is told at start-up', () => {
    const { problemsOf } = bedrock({ env: {} });
    expect(problemsOf?.(deployment)).toEqual(['It needs a region: set options.aws_region_name, or AWS_REGION in the environment.']);
    expect(problemsOf?.({ ...deployment, baseUrl: 'example.com' })).toEqual(["'example.com' is not an http(s) URL."]);
    expect(problemsOf?.({ ...deployment, model: ARN })).toEqual([]);
  });
});

test('is found by credentials together with a region', () => {
  const found = (variables: Record<string, string>): unknown[] => provider.discover(variables).map(({ provider: { name } }) => name);
  expect(found({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' })).toEqual([]);
  expect(found(env)).toEqual([]);
  expect(found({ ...env, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' })).toEqual(['bedrock']);
  expect(found({ ...env, AWS_BEARER_TOKEN_BEDROCK: 'k' })).toEqual(['bedrock']);
  expect(found({ ...env, AWS_PROFILE: 'work' })).toEqual(['bedrock']);
});
