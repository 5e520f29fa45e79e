import { describe, expect, it } from 'vitest';
import type { HttpBody, HttpHeaders, HttpRequest } from './http-types.ts';
import { type IncomingCall, readCall } from './read-call.ts';
import type { Route } from './routes.ts';

const CHAT: Pick<Route, 'operation' | 'body'> = { operation: 'chat', body: 'json' };
const TRANSCRIBE: Pick<Route, 'operation' | 'body'> = { operation: 'audio.transcribe', body: 'multipart' };
const EDIT: Pick<Route, 'operation' | 'body'> = { operation: 'images.edit', body: 'multipart-or-json' };
const KEY = { authorization: 'Bearer sk' };
const PAGE = { origin: 'https://elsewhere.example' };

describe('JSON routes', () => {
  it.each([
    ['application/json', {}],
    ['application/json; charset=utf-8', {}],
    ['Application/JSON', {}],
    ['application/vnd.api+json', {}],
    [undefined, {}],
    ['text/plain;charset=UTF-8', {}],
    ['application/x-www-form-urlencoded', {}],
    ['text/plain', { ...KEY, ...PAGE }],
    [undefined, { ...PAGE, 'x-api-key': 'sk' }],
    ['application/json', PAGE],
  ])('take %s with %j', async (contentType, headers) => {
    expect(await read(CHAT, '{"model":"m"}', { ...headers, 'content-type': contentType })).toMatchObject({
      request: { model: 'm' },
      received: expect.any(Uint8Array),
    });
  });

  it.each([
    ['multipart/form-data; boundary=x', KEY],
    ['text/xml', KEY],
    // What a page of another site could make a browser send without asking.
    ['text/plain', PAGE],
    ['application/x-www-form-urlencoded', { ...PAGE, cookie: 'session=1' }],
    [undefined, PAGE],
  ])('refuse %s with %j, and say what to send', async (contentType, headers) => {
    const { fault } = await read(CHAT, '{"model":"m"}', { ...headers, 'content-type': contentType });
    expect(fault).toMatchObject({ code: 'unsupported_media_type', status: 415, message: expect.stringContaining("'content-type: application/json'") });
  });

  it.each([
    ['', 'body_missing'],
    ['{"model"', 'invalid_json'],
    ['[]', 'invalid_request'],
    ['x'.repeat(2_000), 'body_too_large'],
  ])('keep the fault of %j for later', async (body, code) => {
    expect(await read(CHAT, body, {})).toMatchObject({ request: { model: '' }, fault: { code } });
  });
});

describe('routes for files', () => {
  const form =
    '--b\r\ncontent-disposition: form-data; name="model"\r\n\r\nm\r\n--b\r\ncontent-disposition: form-data; name="n"\r\n\r\n2\r\n--b\r\ncontent-disposition: form-data; name="stream"\r\n\r\nTrue\r\n--b--';
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };

  it('make a request of the fields', async () => {
    expect(await read(TRANSCRIBE, form, headers)).toMatchObject({
      request: { model: 'm', n: 2, stream: true },
      upload: { fields: { model: 'm', n: '2', stream: 'True' } },
    });
  });

  it('refuse anything else', async () => {
    for (const contentType of ['application/json', 'audio/wav', undefined]) {
      expect((await read(TRANSCRIBE, '{"model":"m"}', { 'content-type': contentType })).fault).toMatchObject({
        code: 'unsupported_media_type',
        message: expect.stringContaining('multipart/form-data'),
      });
    }
  });

  it('take JSON where images may be named by their address', async () => {
    expect(await read(EDIT, '{"model":"m","images":[{"image_url":"https://x"}]}', { 'content-type': 'application/json' })).toMatchObject({
      request: { model: 'm' },
      received: expect.any(Uint8Array),
    });
    expect(await read(EDIT, form, headers)).toMatchObject({ upload: { isReplayable: true } });
  });

  it('refuse a length over the limit without reading', async () => {
    const call = await readCall(TRANSCRIBE, undefined, requestOf({ kind: 'none' }, { ...headers, 'content-length': '2000' }), 1_000);
    expect(call.fault).toMatchObject({ code: 'body_too_large' });
  });
});

function read(route: Pick<Route, 'operation' | 'body'>, body: string, headers: HttpHeaders): Promise<IncomingCall> {
  const stream = (async function* () {
    yield Buffer.from(body);
  })();
  return readCall(route, undefined, requestOf({ kind: 'stream', stream }, headers), 1_000);
}

function requestOf(body: HttpBody, headers: HttpHeaders): HttpRequest {
  return { method: 'POST', path: '/', headers, body: () => body, controller: new AbortController() };
}
