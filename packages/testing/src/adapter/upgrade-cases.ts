import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { StartedApp } from './adapter-under-test.ts';
import { errorOf, type GuestCase, withApp } from './with-app.ts';

const KEY = 'sk-the-key-of-this-test';

/** Requests for another protocol, which no framework sees. */
export const upgradeCases: readonly GuestCase[] = [
  {
    name: 'an upgrade under the mount passes the same auth, and hears that nothing speaks it',
    run: (adapter) =>
      withApp(adapter, { masterKey: KEY }, async ({ app }) => {
        app.gateway.attach(app.server, { path: '/ai' });
        assert.deepEqual(await upgrade(app, '/ai/v1/realtime'), [401, 'missing_credentials']);
        assert.deepEqual(await upgrade(app, '/ai/v1/realtime?model=x', { authorization: 'Bearer wrong-key' }), [401, 'invalid_credentials']);
        assert.deepEqual(await upgrade(app, '/ai/v1/realtime?model=x', { authorization: `Bearer ${KEY}` }), [404, 'route_not_found']);
      }),
  },
  {
    name: 'an upgrade elsewhere is left to whoever else listens',
    run: (adapter) =>
      withApp(adapter, { masterKey: KEY }, async ({ app }) => {
        app.server.on('upgrade', (req, socket) => {
          if (req.url === '/chat') socket.end('HTTP/1.1 418 Theirs\r\ncontent-length: 2\r\n\r\n{}');
        });
        app.gateway.attach(app.server, { path: '/ai' });
        assert.deepEqual((await upgrade(app, '/chat'))[0], 418);
      }),
  },
  {
    name: 'an upgrade that nobody takes is refused and does not hang',
    run: (adapter) =>
      withApp(adapter, {}, async ({ app }) => {
        const detach = app.gateway.attach(app.server, { path: '/ai' });
        assert.deepEqual(await upgrade(app, '/chat'), [404, 'route_not_found']);
        detach();
        assert.equal(app.server.listenerCount('upgrade'), 0);
      }),
  },
];

function upgrade({ origin }: StartedApp, path: string, headers: Record<string, string> = {}): Promise<[number | undefined, string | undefined]> {
  return new Promise((resolve, reject) => {
    const asked = request(`${origin}${path}`, { agent: false, headers: { ...headers, connection: 'upgrade', upgrade: 'websocket' } });
    asked.on('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      resolve([response.statusCode, text.startsWith('{"error"') ? errorOf(text).code : undefined]);
    });
    asked.on('error', reject);
    asked.end();
  });
}
