import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, defineHook, GatewayError, type Outcome } from '@sluice/core';
import { call } from './caller.ts';
import { FIRST_EVENT } from './scripted-upstream.ts';
import { CHAT, chat, type GuestCase, SPEECH, speech, withApp } from './with-app.ts';
import { signal, within } from './within.ts';

const MIB = 1024 * 1024;

/** What a call takes from its app, and what it leaves behind. */
export const lifeCases: readonly GuestCase[] = [
  {
    name: 'the app answers errors itself where it wants to',
    run: async (adapter) => {
      if (adapter.handsErrorsOn === false) return;
      await withApp(adapter, { errors: 'next' }, async ({ ask, app }) => {
        const { status, text } = await ask(CHAT, chat('refuse'));
        assert.deepEqual([status, text], [400, 'app error']);
        assert.deepEqual(
          app.errors.map((error) => GatewayError.is(error) && error.code),
          ['upstream_bad_request'],
        );
      });
    },
  },
  {
    name: 'the address of the caller is the one the app believes in',
    run: async (adapter) => {
      const headers = { ...chat('json').headers, 'x-forwarded-for': '192.0.2.1, 198.51.100.7' };
      for (const trustProxy of adapter.knowsProxies === false ? [false] : [false, true]) {
        const seen: (string | undefined)[] = [];
        await withApp(adapter, { trustProxy, options: { hooks: [watching((ctx) => seen.push(ctx.source.clientAddress))] } }, async ({ ask }) => {
          await ask(CHAT, { ...chat('json'), headers });
        });
        assert.deepEqual(
          seen.map((address) => address?.replace('::ffff:', '')),
          [trustProxy ? '198.51.100.7' : '127.0.0.1'],
        );
      }
    },
  },
  ...(['stays', 'leaves'] as const).map((caller) => ({
    name: `the async context of the request holds to the end of its call, when the caller ${caller}`,
    run: async (adapter: Parameters<GuestCase['run']>[0]) => {
      const trace = new AsyncLocalStorage<string>();
      const seen: (string | undefined)[] = [];
      const settled = signal<Outcome>();
      const hook = watching((ctx) => {
        seen.push(trace.getStore());
        ctx.defer((outcome) => {
          seen.push(trace.getStore());
          settled.resolve(outcome);
        });
      });
      await withApp(adapter, { trace, options: { hooks: [hook] } }, async ({ url, upstream }) => {
        const request = chat('sse');
        const made = call(url(CHAT), { ...request, headers: { ...request.headers, 'x-trace': 'abc' } });
        await made.has(1);
        if (caller === 'stays') upstream.release();
        else made.leave();
        assert.equal((await settled.promise).status, caller === 'stays' ? 'ok' : 'aborted');
        assert.deepEqual(seen, ['abc', 'abc']);
      });
    },
  })),
  {
    name: 'a caller who resets the connection is nobody\'s error',
    run: (adapter) =>
      withApp(adapter, {}, async ({ url, upstream, app }) => {
        const made = call(url(CHAT), chat('sse'));
        await made.has(FIRST_EVENT.length);
        made.leave('reset');
        await upstream.left;
        await within(app.gateway.idle(), 'coming to rest');
        assert.deepEqual(app.errors, []);
      }),
  },
  {
    name: 'a slow reader slows the upstream down and fills no memory',
    run: (adapter) =>
      withApp(adapter, {}, async ({ url, upstream }) => {
        const made = call(url(SPEECH), speech('flood'));
        await made.has(1);
        made.pause();
        let before = -1;
        while (before !== upstream.floodedBytes) {
          before = upstream.floodedBytes;
          await sleep(100);
        }
        assert.ok(before < 32 * MIB, `${before} bytes were taken in for a reader who reads nothing`);
        made.leave();
        await upstream.left;
      }),
  },
  {
    name: 'a gateway that closes ends streams with an error event',
    run: (adapter) =>
      withApp(adapter, {}, async ({ url, app }) => {
        const made = call(url(CHAT), chat('sse'));
        await made.has(FIRST_EVENT.length);
        await app.gateway.close();
        const { body, isCut } = await made.end;
        assert.equal(isCut, false);
        assert.match(body.toString(), /"code":"shutting_down"\}\}\n\n$/);
      }),
  },
];

function watching(watch: (ctx: Context) => void): ReturnType<typeof defineHook> {
  return defineHook({
    name: 'watching',
    phase: 'logger',
    handle(ctx, next) {
      watch(ctx);
      return next();
    },
  });
}
