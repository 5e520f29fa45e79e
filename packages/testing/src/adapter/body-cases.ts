import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Outcome } from '@sluice/core';
import type { AdapterUnderTest } from './adapter-under-test.ts';
import { call } from './caller.ts';
import { form } from './form.ts';
import { CHAT, chat, errorOf, type GuestCase, watching, withApp } from './with-app.ts';
import { signal } from './within.ts';

const LIMIT = 10_000;
const LONG = chat('json', { long: 'x'.repeat(200_000) });

/** How bodies arrive, and how those that cannot be taken are refused. */
export const bodyCases: readonly GuestCase[] = [
  {
    name: 'a body in pieces and without a length arrives whole',
    run: (adapter) =>
      withApp(adapter, {}, async ({ ask, upstream }) => {
        const { body, headers } = chat('json');
        const { status } = await ask(CHAT, { headers, body: [body.slice(0, 7), body.slice(7, 20), body.slice(20)] });
        assert.equal(status, 200);
        assert.equal((await upstream.received).toString(), body);
      }),
  },
  ...(['deflate', 'br'] as const).map((encoding) => ({
    name: `a body compressed with ${encoding} is read`,
    run: (adapter: AdapterUnderTest) =>
      withApp(adapter, {}, async ({ ask, upstream }) => {
        const { body, headers } = chat('json');
        const { status } = await ask(CHAT, {
          headers: { ...headers, 'content-encoding': encoding },
          body: (encoding === 'br' ? brotliCompressSync : deflateSync)(body),
        });
        assert.equal(status, 200);
        assert.equal((await upstream.received).toString(), body);
      }),
  })),
  {
    name: 'a missing body is refused',
    run: (adapter) => refuses(adapter, { headers: { 'content-type': 'application/json' } }, 400, 'body_missing'),
  },
  {
    name: 'a body that says it is over the limit is refused before it is sent',
    run: (adapter) =>
      withApp(adapter, { options: { bodyLimitBytes: LIMIT } }, async ({ url }) => {
        const made = call(url(CHAT), { headers: { ...LONG.headers, 'content-length': '200000' }, body: [LONG.body.slice(0, 100)] });
        assert.equal((await made.head).status, 413);
        made.leave();
      }),
  },
  {
    name: 'a body over the limit is refused where it does not say so',
    run: (adapter) => refuses(adapter, { headers: LONG.headers, body: [LONG.body.slice(0, 50_000), LONG.body.slice(50_000)] }, 413, 'body_too_large'),
  },
  {
    name: 'a small body that decompresses past the limit is refused',
    run: (adapter) => refuses(adapter, { headers: { ...LONG.headers, 'content-encoding': 'gzip' }, body: gzipSync(LONG.body) }, 413, 'body_too_large'),
  },
  {
    name: 'an unknown compression is refused',
    run: (adapter) => refuses(adapter, { headers: { ...LONG.headers, 'content-encoding': 'zstd' }, body: 'x' }, 415, 'unsupported_media_type'),
  },
  {
    name: 'a body that is not compressed as it says is refused',
    run: (adapter) => refuses(adapter, { headers: { ...LONG.headers, 'content-encoding': 'gzip' }, body: 'not gzip at all' }, 400, 'invalid_request'),
  },
  {
    name: 'a compressed body that ends too soon is refused',
    run: (adapter) =>
      refuses(
        adapter,
        { headers: { ...LONG.headers, 'content-encoding': 'gzip' }, body: gzipSync(chat('json').body).subarray(0, -12) },
        400,
        'invalid_request',
      ),
  },
  {
    name: 'a connection whose body was refused serves the next call',
    run: (adapter) =>
      withApp(adapter, { options: { bodyLimitBytes: LIMIT } }, async ({ ask }) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        assert.equal((await ask(CHAT, { ...LONG, agent })).status, 413);
        assert.equal((await ask(CHAT, { ...chat('json'), agent })).status, 200);
        agent.destroy();
      }),
  },
  {
    name: 'a connection whose upload was refused before its file was read serves the next call',
    run: (adapter) =>
      withApp(adapter, {}, async ({ ask }) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        assert.equal((await ask('/v1/audio/transcriptions', { ...form('nobody', Buffer.alloc(8_000_000)), agent })).status, 404);
        assert.equal((await ask(CHAT, { ...chat('json'), agent })).status, 200);
        agent.destroy();
      }),
  },
  {
    name: 'a parser that refuses a body is named as the cause, with what to do',
    run: (adapter) =>
      withApp(adapter, { parserLimitBytes: LIMIT }, async ({ ask, app }) => {
        const { status, text } = await ask(CHAT, LONG);
        const { code, message } = errorOf(text);
        assert.deepEqual([status, code], [413, 'body_too_large']);
        assert.match(message, /parser .*10000 bytes.*above the parser/);
        assert.deepEqual(app.errors, []);
      }),
  },
  ...(['identity', 'gzip'] as const).map((encoding) => ({
    name: `a caller who leaves inside its own body is nobody's error (${encoding})`,
    async run(adapter: AdapterUnderTest) {
      const ended = signal<Outcome>();
      await withApp(adapter, { options: { hooks: [watching(() => undefined, ended.resolve)] } }, async ({ url, app }) => {
        const arrived = new Promise((resolve) => app.server.once('request', resolve));
        const made = call(url(CHAT), {
          headers: { ...LONG.headers, 'content-encoding': encoding, 'content-length': '100000' },
          body: [gzipSync(LONG.body).subarray(0, 40)],
        });
        await arrived;
        made.leave();
        assert.deepEqual(await ended.promise, { status: 'aborted' });
        assert.deepEqual(app.errors, []);
      });
    },
  })),
];

function refuses(adapter: AdapterUnderTest, request: Parameters<typeof call>[1], status: number, code: string): Promise<void> {
  return withApp(adapter, { options: { bodyLimitBytes: LIMIT } }, async ({ ask, app }) => {
    const answer = await ask(CHAT, request);
    assert.deepEqual([answer.status, errorOf(answer.text).code], [status, code]);
    assert.deepEqual(app.errors, []);
  });
}
