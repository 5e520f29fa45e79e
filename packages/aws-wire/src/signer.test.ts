import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { type Deployment, secret, type WireRequest } from '@sluice/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { awsSigner } from './signer.ts';

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const deployment: Deployment = { id: 'd', provider: 'p', model: 'm' };
const wire: WireRequest = {
  url: 'https://bedrock-runtime.eu-west-1.amazonaws.com/model/eu.amazon.nova-lite-v1%3A0/converse',
  headers: { 'content-type': 'application/json', 'accept-encoding': 'identity', 'x-note': ' two  spaces ' },
  body: '{"messages":[{"role":"user","content":[{"text":"Grüezi"}]}]}',
};

const signerOf = (options: object, env: Record<string, string> = {}, bearerVariable?: string): ReturnType<typeof awsSigner> =>
  awsSigner({ name: 'bedrock', options, env, ...(bearerVariable !== undefined && { bearerVariable }) }, () => undefined);

/** AWS's own library, as the judge of ours. */
class Sha256 {
  readonly #hash;
  constructor(key?: string | ArrayBuffer | Uint8Array) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', typeof key === 'string' ? key : Buffer.from(key as Uint8Array));
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): void {}
}

async function byAws({ url, method = 'POST', headers, body }: WireRequest, sessionToken?: string): Promise<Record<string, string>> {
  const { hostname, host, pathname, protocol, searchParams } = new URL(url);
  const signer = new SignatureV4({
    service: 'bedrock',
    region: 'eu-west-1',
    credentials: { ...keys, ...(sessionToken !== undefined && { sessionToken }) },
    sha256: Sha256 as never,
    applyChecksum: false,
  });
  const query = Object.fromEntries(searchParams);
  return (await signer.sign({ method, protocol, hostname, path: pathname, query, headers: { ...headers, host }, body })).headers;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 25, 12) });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a call', () => {
  const arn = 'arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-5';

  test.each([
    ['with a model', wire, undefined],
    ['with the token of a session', wire, 'the+token/of=a session'],
    [
      'with an ARN in its path',
      { ...wire, url: `https://bedrock-runtime.eu-west-1.amazonaws.com/model/${encodeURIComponent(arn)}/converse-stream` },
      undefined,
    ],
    ['without a body', { url: 'http://127.0.0.1:4010/a/b?z=1&a=%20x', method: 'GET' as const, headers: {} }, undefined],
    ['of bytes', { ...wire, body: Buffer.from([0, 255, 128]) }, undefined],
  ])('%s is signed as AWS signs it', async (_, request, sessionToken) => {
    const { sign } = signerOf({ ...keys, sessionToken, region: 'eu-west-1' });
    const signed = await sign(request, deployment);
    const expected = await byAws(request, sessionToken);
    const nameOf = ({ authorization }: Readonly<Record<string, string>>): string | undefined => /SignedHeaders=([^,]+)/.exec(authorization ?? '')?.[1];
    // Which headers are signed is the signer's choice; the same choice has to give the same signature.
    const chosen = Object.fromEntries(Object.entries(request.headers).filter(([name]) => nameOf(signed.headers)?.split(';').includes(name)));
    const again = nameOf(signed.headers) === nameOf(expected) ? expected : await byAws({ ...request, headers: chosen }, sessionToken);
    expect(signed.headers.authorization).toBe(again.authorization);
    expect(signed.headers['x-amz-date']).toBe('20261125T120000Z');
    expect(signed).toMatchObject({ url: request.url, headers: request.headers['content-type'] ? { 'content-type': 'application/json' } : {} });
  });

  test('shows no part of the secret', async () => {
    expect(JSON.stringify(await signerOf({ ...keys, region: 'eu-west-1' }).sign(wire, deployment))).not.toContain(keys.secretAccessKey);
  });

  test('with a key for the service alone bears it, and needs no region', () => {
    const { sign, problemsOf } = signerOf(
      {},
      { AWS_BEARER_TOKEN_BEDROCK: 'ABSK-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
      'AWS_BEARER_TOKEN_BEDROCK',
    );
    expect(problemsOf(deployment)).toEqual([]);
    expect(sign(wire, deployment)).toMatchObject({ headers: { authorization: 'Bearer ABSK-1' } });
  });
});

describe('who is asking', () => {
  const identityOf = (own: Partial<Deployment>, options: object, env: Record<string, string>): unknown =>
    signerOf({ region: 'eu-west-1', ...options }, env, 'AWS_BEARER_TOKEN_BEDROCK').accessOf({ ...deployment, ...own }).identity;
  const env = { AWS_ACCESS_KEY_ID: 'e', AWS_SECRET_ACCESS_KEY: 'f', AWS_SESSION_TOKEN: 'g' };
  const given = { aws_access_key_id: 'a', aws_secret_access_key: secret('b') };

  test('is whom the deployment names, then the options, then the environment, and never a mixture', () => {
    expect(identityOf({ options: given }, keys, env)).toEqual({ kind: 'keys', keys: { accessKeyId: 'a', secretAccessKey: 'b' } });
    expect(identityOf({}, keys, env)).toEqual({ kind: 'keys', keys });
    expect(identityOf({}, {}, env)).toEqual({ kind: 'keys', keys: { accessKeyId: 'e', secretAccessKey: 'f', sessionToken: 'g' } });
    expect(identityOf({ apiKey: secret('k') }, keys, env)).toMatchObject({ kind: 'bearer' });
    expect(identityOf({ options: given }, {}, { AWS_BEARER_TOKEN_BEDROCK: 'k' })).toMatchObject({ kind: 'keys' });
    expect(identityOf({ options: { aws_profile_name: 'work' } }, {}, env)).toEqual({ kind: 'profile', profile: 'work' });
    expect(identityOf({}, {}, {})).toEqual({ kind: 'chain' });
  });

  test('may take on a role', () => {
    const options = { ...given, aws_role_name: 'arn:aws:iam::123456789012:role/llm', aws_external_id: 'x' };
    expect(identityOf({ options }, {}, env)).toMatchObject({
      kind: 'role',
      role: { roleArn: options.aws_role_name, sessionName: 'sluice', externalId: 'x', keys: { accessKeyId: 'a' } },
    });
  });

  test('is told at start-up where it is not clear', () => {
    const { problemsOf } = signerOf({ accessKeyId: 'a' });
    expect(problemsOf(deployment)).toEqual([
      'Keys of AWS come in pairs: set both aws_access_key_id and aws_secret_access_key.',
      'It needs a region: set options.aws_region_name, or AWS_REGION in the environment.',
    ]);
  });

  test('is looked up in a profile by AWS’s own library', async () => {
    const { sign } = signerOf({ region: 'eu-west-1', profile: 'of-this-test' });
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', new URL('signer.test.ini', import.meta.url).pathname);
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
    expect((await sign(wire, deployment)).headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDPROFILE\/20261125\/eu-west-1\/bedrock\/aws4_request/,
    );
    vi.unstubAllEnvs();
  });

  test('that cannot be found is an error of authentication', async () => {
    const { sign } = signerOf({ region: 'eu-west-1', profile: 'nobody' });
    await expect(sign(wire, deployment)).rejects.toMatchObject({ code: 'upstream_authentication', message: 'No credentials for AWS could be found' });
  });
});
