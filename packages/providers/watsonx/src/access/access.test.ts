import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Deployment, secret } from '@sluice/core';
import { afterEach, expect, test } from 'vitest';
import { type WatsonxAccess, watsonxAccess } from './access.ts';

// A server of the test's own in place of IBM Cloud's.
let server: Server | undefined;
let forms: URLSearchParams[];

async function access(answer: (count: number) => { readonly status: number; readonly body: string }): Promise<WatsonxAccess> {
  forms = [];
  server = createServer((req, res) => {
    let text = '';
    req.on('data', (chunk) => (text += String(chunk)));
    req.on('end', () => {
      forms.push(new URLSearchParams(text));
      const { status, body } = answer(forms.length);
      res.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return watsonxAccess({ iamUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/identity/token` }, {});
}

afterEach(() => server?.close());

const deployment: Deployment = { id: 'd', provider: 'watsonx', model: 'm', apiKey: secret('ibm-key') };
const wire = { url: 'https://eu-de.ml.cloud.ibm.com', headers: { accept: 'x' } };
const token = (count: number, expiresIn = 3600): { status: number; body: string } => ({
  status: 200,
  body: JSON.stringify({ access_token: `t${count}`, expires_in: expiresIn, token_type: 'Bearer' }),
});

test('a key is exchanged once for all the deployments that have it', async () => {
  const { sign } = await access(token);
  const [one, other] = await Promise.all([sign(wire, deployment), sign(wire, { ...deployment, id: 'e' })]);
  expect(one.headers).toEqual({ accept: 'x', authorization: 'Bearer t1' });
  expect(other.headers.authorization).toBe('Bearer t1');
  expect(await sign(wire, deployment)).toMatchObject({ headers: { authorization: 'Bearer t1' } });
  expect(forms.map((form) => Object.fromEntries(form))).toEqual([{ grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: 'ibm-key' }]);
});

test('a token that is about to end is exchanged anew', async () => {
  const { sign } = await access((count) => token(count, 60));
  await sign(wire, deployment);
  expect(await sign(wire, deployment)).toMatchObject({ headers: { authorization: 'Bearer t2' } });
});

test.each([
  [400, 'upstream_authentication', false],
  [200, 'upstream_authentication', false],
  [503, 'upstream_unreachable', true],
  [429, 'upstream_unreachable', true],
])('an answer of %i is told as %s, and is not remembered', async (status, code, retryable) => {
  const { sign } = await access((count) =>
    count === 1 ? { status, body: '{"errorCode":"BXNIM0415E","errorMessage":"ibm-key could not be found"}' } : token(count),
  );
  const failure: unknown = await Promise.resolve()
    .then(() => sign(wire, deployment))
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code, retryable });
  expect(String(failure)).not.toContain('ibm-key');
  expect(await sign(wire, deployment)).toMatchObject({ headers: { authorization: 'Bearer t2' } });
});

test('a place that nobody answers at may be asked again', async () => {
  const { sign } = watsonxAccess({ iamUrl: 'http://127.0.0.1:1/identity/token' }, {});
  await expect(Promise.resolve().then(() => sign(wire, deployment))).rejects.toMatchObject({ code: 'upstream_unreachable', retryable: true });
});

test('tokens and keys of a cluster are borne as they are, those of the deployment first', () => {
  const { sign } = watsonxAccess({ zenApiKey: 'dTprZXk=' }, { WATSONX_TOKEN: 'env' });
  const { apiKey: _, ...bare } = deployment;
  expect(sign(wire, bare)).toMatchObject({ headers: { authorization: 'ZenApiKey dTprZXk=' } });
  expect(sign(wire, { ...bare, options: { watsonx_token: secret('own') } })).toMatchObject({ headers: { authorization: 'Bearer own' } });
  expect(watsonxAccess({}, { WATSONX_TOKEN: 'env' }).sign(wire, bare)).toMatchObject({ headers: { authorization: 'Bearer env' } });
});
