import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError, type Outcome } from '@sluice/core';
import type { AdapterUnderTest } from './adapter-under-test.ts';
import { call } from './caller.ts';
import { FIRST_EVENT } from './scripted-upstream.ts';
import { CHAT, chat, type GuestCase, SPEECH, speech, watching, withApp } from './with-app.ts';
import { signal, within } from './within.ts';

const MIB = 1024 * 1024;

/** What a call takes from its app, and what it leaves behind. */
export const lifeCases: readonly GuestCase[] = [
  {
    name: 'the app answers errors itself where it wants to',
    concerns: ({ handsErrorsOn }) => handsErrorsOn !== false,
    run: (adapter) =>
      withApp(adapter, { errors: 'next' }, async ({ ask, app }) => {
        const { status, headers, text } = await ask(CHAT, chat('refuse'));
        assert.deepEqual([status, text], [400, 'app error']);
        assert.ok(headers['x-sluice-call-id'], 'no call id');
        assert.doesNotMatch(String(headers['content-type']), /json/);
        assert.deepEqual(
          app.errors.map((error) => GatewayError.is(error) && error.code),
          ['upstream_bad_request'],
        );
      }),
  },
  {
    name: 'the address of the caller is that of the connection',
    run: (adapter) => seesAddress(adapter, false, '127.0.0.1'),
  },
  {
    name: 'the address of the caller is the one a trusted proxy names',
    concerns: ({ knowsProxies }) => knowsProxies !== false,
    run: (adapter) => seesAddress(adapter, true, '198.51.100.7'),
  },
  ...(['stays', 'leaves'] as const).map((caller) => ({
    name: `the async context of the request holds to the end of its call, when the caller ${caller}`,
    run: async (adapter: AdapterUnderTest) => {
      const trace = new AsyncLocalStorage<string>();
      const seen: (string | undefined)[] = [];
      const settled = signal<Outcome>();
      const hook = watching(
        () => seen.push(trace.getStore()),
        (outcome) => {
          seen.push(trace.getStore());
          settled.resolve(outcome);
        },
      );
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
    name: "a caller who resets the connection is nobody's error",
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

async function seesAddress(adapter: AdapterUnderTest, trustProxy: boolean, expected: string): Promise<void> {
  let seen: string | undefined;
  const hook = watching((ctx) => {
    seen = ctx.source.clientAddress;
  });
  await withApp(adapter, { trustProxy, options: { hooks: [hook] } }, async ({ ask }) => {
    const { headers, body } = chat('json');
    await ask(CHAT, { headers: { ...headers, 'x-forwarded-for': '192.0.2.1, 198.51.100.7' }, body });
    assert.equal(seen?.replace('::ffff:', ''), expected);
  });
}
