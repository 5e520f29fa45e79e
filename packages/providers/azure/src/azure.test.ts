import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Deployment, GatewayError, type Operation, type Provider, secret, type WireRequest } from '@sluice/core';
import { afterEach, describe, expect, test } from 'vitest';
import { azure, azureAi } from './azure.ts';
import { provider } from './provider-package.ts';

const RESOURCE = 'https://me.openai.azure.com';
const AI = 'https://me.services.ai.azure.com';
const deployment: Deployment = { id: 'd', provider: 'azure', model: 'my-gpt', baseUrl: RESOURCE, apiKey: secret('k') };

function wire(of: Provider, more: Partial<Deployment> = {}, operation: Operation = 'chat'): WireRequest {
  const request = { model: 'm', messages: [], input: 'x', prompt: 'x' };
  const mapping = of.operations[operation];
  if (!mapping) throw new Error(`It cannot do ${operation}`);
  return mapping.toRequest({ operation, request, deployment: { ...deployment, ...more } });
}

describe('an address', () => {
  const dated = { api_version: '2024-10-21' };

  test.each<[Partial<Deployment>, Operation, string]>([
    [{}, 'chat', `${RESOURCE}/openai/v1/chat/completions`],
    [{ baseUrl: `${RESOURCE}/openai/v1/` }, 'responses', `${RESOURCE}/openai/v1/responses`],
    [{ baseUrl: `${RESOURCE}/openai/v1`, options: dated }, 'chat', `${RESOURCE}/openai/v1/chat/completions`],
    [{ options: { api_version: 'preview' } }, 'audio.speech', `${RESOURCE}/openai/v1/audio/speech?api-version=preview`],
    [{ options: { api_version: 'latest' } }, 'embeddings', `${RESOURCE}/openai/v1/embeddings`],
    [{ options: dated }, 'chat', `${RESOURCE}/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21`],
    [{ options: dated }, 'images.generate', `${RESOURCE}/openai/deployments/my-gpt/images/generations?api-version=2024-10-21`],
    [{ options: dated }, 'audio.transcribe', `${RESOURCE}/openai/deployments/my-gpt/audio/transcriptions?api-version=2024-10-21`],
    [{ options: dated }, 'responses', `${RESOURCE}/openai/responses?api-version=2024-10-21`],
    [
      { baseUrl: `${RESOURCE}/openai/deployments/other?api-version=2025-01-01-preview` },
      'chat',
      `${RESOURCE}/openai/deployments/other/chat/completions?api-version=2025-01-01-preview`,
    ],
    [
      { baseUrl: 'https://proxy.example/azure', options: dated },
      'chat',
      'https://proxy.example/azure/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21',
    ],
    [{ model: 'o_series/my o1', options: dated }, 'chat', `${RESOURCE}/openai/deployments/my%20o1/chat/completions?api-version=2024-10-21`],
    [{ model: '../x?y', options: dated }, 'chat', `${RESOURCE}/openai/deployments/..%2Fx%3Fy/chat/completions?api-version=2024-10-21`],
  ])('of Azure OpenAI is made of %j for %s', (more, operation, url) => {
    expect(wire(azure({ env: {} }), more, operation).url).toBe(url);
  });

  test.each<[Partial<Deployment>, Operation, string]>([
    [{ baseUrl: AI }, 'chat', `${AI}/models/chat/completions?api-version=2024-05-01-preview`],
    [{ baseUrl: `${AI}/models` }, 'embeddings', `${AI}/models/embeddings?api-version=2024-05-01-preview`],
    [{ baseUrl: AI, options: { api_version: '2025-04-01' } }, 'chat', `${AI}/models/chat/completions?api-version=2025-04-01`],
    [{ baseUrl: AI }, 'responses', `${AI}/openai/v1/responses`],
    [{ baseUrl: `${AI}/openai/v1` }, 'embeddings', `${AI}/openai/v1/embeddings`],
    [{ baseUrl: 'https://x.eastus2.models.ai.azure.com' }, 'chat', 'https://x.eastus2.models.ai.azure.com/v1/chat/completions'],
    [{ baseUrl: 'https://x.eastus2.models.ai.azure.com/v1' }, 'rerank', 'https://x.eastus2.models.ai.azure.com/v1/rerank'],
  ])('of Azure AI is made of %j for %s', (more, operation, url) => {
    expect(wire(azureAi({ env: {} }), more, operation).url).toBe(url);
  });

  test('and its version may be of the options or the environment', () => {
    expect(wire(azure({ env: { AZURE_API_VERSION: '2024-10-21' } })).url).toContain('/deployments/my-gpt/');
    expect(wire(azure({ env: {}, apiVersion: '2024-10-21' })).url).toContain('/deployments/my-gpt/');
    const { baseUrl: _, ...bare } = deployment;
    expect(azure({ env: {} }).problemsOf?.(bare)).toEqual([
      "'azure' has another address for each customer: set baseUrl (api_base), such as https://RESOURCE.openai.azure.com.",
    ]);
    expect(azure({ env: { AZURE_API_BASE: RESOURCE } }).problemsOf?.(bare)).toEqual([]);
  });

  test('is of the name that was deployed, in the body too', () => {
    expect(JSON.parse(String(wire(azure({ env: {} }), { model: 'gpt5_series/mine' }).body))).toMatchObject({ model: 'mine' });
  });
});

describe('a credential', () => {
  let server: Server | undefined;
  afterEach(() => new Promise((resolve) => server?.close(resolve) ?? resolve(undefined)));

  const { apiKey: _, ...bare } = deployment;
  const sent = async (of: Provider, more: Partial<Deployment> = {}): Promise<WireRequest['headers']> => {
    const one = { ...bare, ...more };
    const mapped = of.operations.chat?.toRequest({ operation: 'chat', request: { model: 'm', messages: [] }, deployment: one });
    return (await of.sign?.(mapped as WireRequest, one))?.headers ?? {};
  };

  test('is a key of the deployment, the options or the environment', async () => {
    const env = { AZURE_API_KEY: 'e' };
    expect(await sent(azure({ env, apiKey: 'o' }), { apiKey: secret('k') })).toMatchObject({ 'api-key': 'k' });
    expect(await sent(azure({ env, apiKey: 'o' }))).toMatchObject({ 'api-key': 'o' });
    expect(await sent(azure({ env }))).toMatchObject({ 'api-key': 'e' });
    const own = { baseUrl: 'https://x.eastus2.models.ai.azure.com', apiKey: secret('k') };
    expect(await sent(azureAi({ env: {} }), own)).toMatchObject({ authorization: 'Bearer k' });
  });

  test('is a token, or a function that brings one', async () => {
    const headers = await sent(azure({ env: {} }), { options: { azure_ad_token: secret('t') } });
    expect(headers).toMatchObject({ authorization: 'Bearer t' });
    expect(headers).not.toHaveProperty('api-key');
    expect(await sent(azure({ env: {}, getToken: () => Promise.resolve('f') }))).toMatchObject({ authorization: 'Bearer f' });
    expect(await sent(azure({ env: { AZURE_AD_TOKEN: 'e' } }))).toMatchObject({ authorization: 'Bearer e' });
  });

  async function entra(status: number, answer: object): Promise<{ authority: string; asked: string[] }> {
    const asked: string[] = [];
    server = createServer((req, res) => {
      let body = '';
      req.setEncoding('utf8').on('data', (piece: string) => (body += piece));
      req.on('end', () => {
        asked.push(`${req.url} ${body}`);
        res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return { authority: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  }

  test('of an application is fetched once for all its deployments', async () => {
    const { authority, asked } = await entra(200, { access_token: 'fetched', expires_in: 3600 });
    const options = { tenant_id: 'my/tenant', client_id: 'c', client_secret: secret('s&s'), azure_authority_host: authority };
    const one = azure({ env: {} });
    const all = await Promise.all([sent(one, { options }), sent(one, { options: { ...options } }), sent(one, { options })]);
    expect(all.map(({ authorization }) => authorization)).toEqual(Array(3).fill('Bearer fetched'));
    expect(asked).toEqual([
      '/my%2Ftenant/oauth2/v2.0/token grant_type=client_credentials&client_id=c&client_secret=s%26s&scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default',
    ]);
  });

  test('that cannot be fetched is an error of authentication, without the secret', async () => {
    const { authority } = await entra(401, { error: 'invalid_client', error_description: 'The secret my-secret is wrong' });
    const options = { tenant_id: 't', client_id: 'c', client_secret: 'my-secret', azure_authority_host: authority };
    const error = await sent(azure({ env: {} }), { options }).catch((thrown: unknown) => GatewayError.from(thrown));
    expect(error).toMatchObject({ code: 'upstream_authentication', message: 'No token of Entra ID could be had' });
    expect(String((error as Error).cause)).not.toContain('my-secret');
  });
});

test('is found by an address together with a key or with what fetches a token', () => {
  const found = (env: Record<string, string>): unknown[] => provider.discover(env).map(({ provider: { name } }) => name);
  expect(found({ AZURE_API_KEY: 'k' })).toEqual([]);
  expect(found({ AZURE_API_KEY: 'k', AZURE_API_BASE: RESOURCE })).toEqual(['azure']);
  expect(found({ AZURE_AI_API_KEY: 'k', AZURE_AI_API_BASE: AI })).toEqual(['azure_ai']);
  expect(found({ AZURE_OPENAI_ENDPOINT: RESOURCE, AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 's' })).toEqual(['azure']);
});
