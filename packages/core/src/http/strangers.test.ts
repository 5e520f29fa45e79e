import { describe, expect, it } from 'vitest';
import { createGateway } from '../gateway/create-gateway.ts';
import type { GatewayOptions } from '../gateway/options.ts';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import type { HttpHeaders } from './http-types.ts';

const KEY = 'sk-0123456789abcdef';
const LONG = { 'content-length': String(1024 * 1024) };

/** What a long request with these headers is answered, and whether its body was asked for. */
async function send(headers: HttpHeaders, options: GatewayOptions = { masterKey: KEY }): Promise<{ code: string; wasRead: boolean }> {
  let wasRead = false;
  const gateway = createGateway(options);
  const reply = await gateway.handle({
    method: 'POST',
    path: '/v1/chat/completions',
    headers,
    body() {
      wasRead = true;
      return { kind: 'bytes', bytes: Buffer.from('{') };
    },
    controller: new LazyAbortController(),
  });
  await gateway.close();
  return { code: (JSON.parse(String(reply?.body)) as { error: { code: string } }).error.code, wasRead };
}

describe('a long body', () => {
  it('is not read for who is sure to be refused', async () => {
    expect(await send(LONG)).toEqual({ code: 'missing_credentials', wasRead: false });
    expect(await send({ ...LONG, authorization: 'Bearer sk-unknown' })).toEqual({ code: 'invalid_credentials', wasRead: false });
    expect(await send({ ...LONG, authorization: `Bearer ${KEY}`, 'api-key': KEY })).toEqual({ code: 'duplicate_credentials', wasRead: false });
    expect(await send({ 'transfer-encoding': 'chunked' })).toEqual({ code: 'missing_credentials', wasRead: false });
  });

  it('is read for who is known, or may be', async () => {
    expect(await send({ ...LONG, authorization: `Bearer ${KEY}` })).toEqual({ code: 'invalid_json', wasRead: true });
    expect(await send(LONG, { auth: false })).toEqual({ code: 'invalid_json', wasRead: true });
    const identities = [{ name: 'tokens', recognizes: (credential: string) => credential.startsWith('eyJ'), identify: () => undefined }];
    expect(await send({ ...LONG, authorization: 'Bearer eyJ' }, { masterKey: KEY, identities })).toEqual({ code: 'invalid_credentials', wasRead: true });
    expect(await send({ ...LONG, authorization: 'Bearer other' }, { masterKey: KEY, identities })).toMatchObject({ wasRead: false });
    expect(await send(LONG, { identify: () => ({ keyId: 'host' }) })).toMatchObject({ wasRead: true });
  });
});
