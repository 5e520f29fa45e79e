import { describe, expect, it } from 'vitest';
import type { HttpReply, HttpRequest } from '../http/http-types.ts';
import { createFetch } from './fetch-face.ts';

const URL = 'http://sluice/v1/chat/completions';

function endless(): HttpReply {
  let isOpen = true;
  const body: AsyncIterableIterator<string> = {
    [Symbol.asyncIterator]: () => body,
    next: () =>
      isOpen
        ? new Promise((resolve) => setTimeout(() => resolve({ done: false, value: 'data: {}\n\n' }), 5))
        : Promise.resolve({ done: true, value: undefined }),
    async return() {
      isOpen = false;
      return { done: true, value: undefined };
    },
  };
  return { status: 200, headers: ['content-type', 'text/event-stream'], body };
}

describe('gateway.fetch', () => {
  it('carries method, path, query, headers and body in, and status, headers and body out', async () => {
    let seen: HttpRequest | undefined;
    const fetch = createFetch(async (request) => {
      seen = request;
      return { status: 201, headers: ['x-a', 'b'], body: '{"ok":true}' };
    });
    const response = await fetch(`${URL}?q=1`, { method: 'POST', headers: { Authorization: 'Bearer k' }, body: '{"model":"m"}' });
    expect(seen).toMatchObject({ method: 'POST', path: '/v1/chat/completions', query: 'q=1', headers: { authorization: 'Bearer k' } });
    expect([response.status, response.headers.get('x-a'), await response.json()]).toEqual([201, 'b', { ok: true }]);
  });

  it('answers 404 in the shape of the API for a path that is not a route', async () => {
    const response = await createFetch(() => undefined)('http://sluice/nope');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'route_not_found' } });
  });

  it('ends a running read with the abort reason and ends the call', async () => {
    const controller = new AbortController();
    let signal: AbortSignal | undefined;
    const fetch = createFetch(async (request) => {
      signal = request.controller.signal;
      return endless();
    });
    const response = await fetch(URL, { method: 'POST', body: '{}', signal: controller.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    controller.abort(new Error('enough'));
    await expect(
      (async () => {
        for (;;) await reader?.read();
      })(),
    ).rejects.toThrow('enough');
    expect(signal?.aborted).toBe(true);
  });

  it('refuses a call that was aborted before it began', async () => {
    await expect(createFetch(async () => endless())(URL, { signal: AbortSignal.abort(new Error('early')) })).rejects.toThrow('early');
  });

  it('ends the call when no Response takes its head', async () => {
    let signal: AbortSignal | undefined;
    const fetch = createFetch(async (request) => {
      signal = request.controller.signal;
      return { ...endless(), headers: ['x-note', 'two\r\nlines'] };
    });
    await expect(fetch(URL, { method: 'POST', body: '{}' })).rejects.toThrow(TypeError);
    expect(signal?.aborted).toBe(true);
  });
});
