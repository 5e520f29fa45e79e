import assert from 'node:assert/strict';
import { CHAT, chat, errorOf, type GuestCase, withApp } from './with-app.ts';
import { ask } from './caller.ts';

/** Which requests are the gateway's, and which the app's. */
export const pathCases: readonly GuestCase[] = [
  {
    name: 'an unknown path under the mount goes on to the app, once',
    run: (adapter) =>
      withApp(adapter, {}, async ({ app, ask }) => {
        const { status, text } = await ask('/v1/unknown', { ...chat('json') });
        assert.deepEqual([status, text], [404, 'app']);
        assert.deepEqual(app.passed, ['/ai/v1/unknown']);
        assert.deepEqual(app.errors, []);
      }),
  },
  {
    name: "a path that only begins like the mount is not the gateway's",
    run: (adapter) =>
      withApp(adapter, {}, async ({ app }) => {
        const { text } = await ask(`${app.origin}/aix${CHAT}`, chat('json'));
        assert.equal(text, 'app');
      }),
  },
  {
    name: "a strict mount refuses an unknown path in OpenAI's shape",
    run: (adapter) =>
      withApp(adapter, { strict: true }, async ({ app, ask }) => {
        const { status, text } = await ask('/v1/unknown?a=b', chat('json'));
        assert.deepEqual([status, errorOf(text).code], [404, 'route_not_found']);
        assert.deepEqual(app.passed, []);
      }),
  },
  {
    name: 'preflights and HEAD are left to the app',
    run: (adapter) =>
      withApp(adapter, {}, async ({ app, ask }) => {
        for (const method of ['OPTIONS', 'HEAD']) assert.equal((await ask(CHAT, { method })).status, 404);
        assert.deepEqual(app.passed, [`/ai${CHAT}`, `/ai${CHAT}`]);
      }),
  },
  {
    name: 'a wrong method is told which ones are right',
    run: (adapter) =>
      withApp(adapter, {}, async ({ ask }) => {
        const { status, headers, text } = await ask(CHAT, { method: 'GET' });
        assert.deepEqual([status, headers.allow, errorOf(text).code], [405, 'POST', 'method_not_allowed']);
      }),
  },
  {
    name: 'the query and what is encoded in the path are read from below the mount',
    run: (adapter) =>
      withApp(adapter, {}, async ({ ask }) => {
        const { status, text } = await ask('/v1/models/%6Ason?verbose=1', { method: 'GET' });
        assert.deepEqual([status, (JSON.parse(text) as { id: string }).id], [200, 'json']);
      }),
  },
  {
    name: 'paths answer without /v1 as well',
    run: (adapter) =>
      withApp(adapter, {}, async ({ ask }) => {
        assert.equal((await ask('/chat/completions', chat('json'))).status, 200);
      }),
  },
];
