import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GatewayError } from '../../errors/gateway-error.ts';
import { createGateway, type Gateway } from '../../gateway/create-gateway.ts';
import type { GatewayOptions } from '../../gateway/options.ts';
import type { ModelRequest } from '../../types/chat.ts';
import type { JsonObject } from '../../types/json.ts';

const PNG = Buffer.from('89504e470d0a1a0a00', 'hex');
let server: Server;
let host: string;
let asked: string[] = [];
let gateway: Gateway;

beforeAll(async () => {
  server = createServer((req, res) => {
    asked.push(`${req.url} ${JSON.stringify(req.headers).includes('sk-secret')}`);
    if (req.url === '/missing') res.writeHead(404).end();
    else if (req.url !== '/slow') res.writeHead(200, { 'content-type': 'image/png' }).end(PNG);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await gateway.close();
  asked = [];
});
afterAll(() => void server.closeAllConnections());

async function drawn(request: JsonObject, data: readonly JsonObject[], { media = { allowHosts: [host] }, ...options }: Partial<GatewayOptions> = {}) {
  gateway = createGateway({
    auth: false,
    providers: [
      {
        name: 'p',
        operations: {
          'images.generate': {
            answersByAddress: true,
            toRequest: () => ({ url: 'x:', headers: { authorization: 'sk-secret' }, body: '' }),
            toError: () => new GatewayError('upstream_error', 'no'),
          },
        },
        send: () => Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body: answer(data) }),
      },
    ],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'm' }] }],
    router: { retries: 0 },
    ...options,
    media,
  });
  return gateway.images.generate({ model: 'm', prompt: 'a cat', ...request } as ModelRequest & { prompt: string }) as unknown as Promise<JsonObject>;
}

async function* answer(data: readonly JsonObject[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(JSON.stringify({ created: 1, data }));
}

const at = (path: string): JsonObject => ({ url: `http://${host}${path}`, seed: 1 });

describe('pictures that come by address', () => {
  test('are fetched for who asks for bytes, without the credential', async () => {
    const { data } = await drawn({ response_format: 'b64_json' }, [at('/a.png'), { b64_json: 'AA==' }, at('/b.png')]);
    const b64_json = PNG.toString('base64');
    expect(data).toEqual([{ b64_json, seed: 1 }, { b64_json: 'AA==' }, { b64_json, seed: 1 }]);
    expect([...asked].sort()).toEqual(['/a.png false', '/b.png false']);
  });

  test.each([{}, { response_format: 'url' }])('stay addresses for %o', async (request) => {
    expect((await drawn(request, [at('/a.png')])).data).toEqual([at('/a.png')]);
    expect(asked).toEqual([]);
  });

  test.each([
    [() => at('/missing'), {}, 'it answered with status 404'],
    [() => at('/slow'), { timeoutMs: 50 }, 'it took too long'],
    [() => at('/a.png'), { maxBytes: 3 }, 'it is too large'],
    [() => at('/a.png'), { allowHosts: [] }, 'it does not lead to a public address'],
    [() => ({ url: 'file:///etc/passwd' }), {}, 'it is not an http(s) URL'],
  ])('that are not to be had are an error', async (picture, media, reason) => {
    await expect(drawn({ response_format: 'b64_json' }, [picture()], { media: { allowHosts: [host], ...media } })).rejects.toMatchObject({
      code: 'upstream_invalid_answer',
      message: expect.stringContaining(reason),
    });
  });

  test('are refused beforehand where the gateway fetches nothing', async () => {
    await expect(drawn({ response_format: 'b64_json' }, [at('/a.png')], { media: false })).rejects.toMatchObject({
      code: 'unsupported_parameter',
      param: 'response_format',
    });
  });
});
