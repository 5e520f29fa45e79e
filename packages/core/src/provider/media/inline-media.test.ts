import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GatewayError } from '../../errors/gateway-error.ts';
import { createGateway, type Gateway } from '../../gateway/create-gateway.ts';
import type { GatewayOptions } from '../../gateway/options.ts';
import type { ContentPart } from '../../types/chat.ts';
import type { Mapping } from '../provider.ts';

const PNG = Buffer.from('89504e470d0a1a0a00', 'hex');
const DATA = `data:image/png;base64,${PNG.toString('base64')}`;
let server: Server;
let host: string;
let asked: string[] = [];
let gateway: Gateway;

beforeAll(async () => {
  server = createServer((req, res) => {
    asked.push(req.url ?? '');
    if (req.url === '/slow') return;
    if (req.url === '/missing') res.writeHead(404).end();
    else if (req.url === '/a.pdf') res.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-1.7');
    else res.writeHead(200, { 'content-type': 'image/png' }).end(PNG);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await gateway.close();
  asked = [];
});
afterAll(() => void server.closeAllConnections());

/** What the mapping finds in the place of `parts`. */
async function mapped(
  parts: readonly ContentPart[],
  { needsBytes = () => true, ...options }: Partial<GatewayOptions> & Pick<Mapping, 'needsBytes'> = {},
  failures = 0,
) {
  let left = failures;
  const seen: unknown[] = [];
  const mapping: Mapping = {
    toRequest: ({ request }) => {
      seen.push((request.messages as { content: unknown }[])[0]?.content);
      return { url: 'x:', headers: {}, body: '' };
    },
    needsBytes,
    toError: () => new GatewayError('upstream_error', 'no', { retryable: true }),
  };
  gateway = createGateway({
    auth: false,
    providers: [
      {
        name: 'p',
        operations: { chat: mapping },
        send: () => Promise.resolve({ status: left-- > 0 ? 500 : 200, headers: { 'content-type': 'application/json' }, body: answer() }),
      },
    ],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'm' }] }],
    router: { backoffMs: 1 },
    media: { allowHosts: [host] },
    ...options,
  });
  await gateway.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: parts }] });
  return seen;
}

async function* answer(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('{"choices":[]}');
}

async function* picture(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('{"data":[]}');
}

const image = (path: string): ContentPart => ({ type: 'image_url', image_url: { url: `http://${host}${path}`, detail: 'low' } });

describe('addresses become bytes', () => {
  test('where the mapping needs them', async () => {
    const parts = [{ type: 'text', text: 'Look' }, image('/a.png'), { type: 'image_url', image_url: `http://${host}/b.png` }];
    const [seen] = await mapped(parts, { needsBytes: ({ url }) => url.endsWith('/a.png') });
    expect(seen).toEqual([parts[0], { type: 'image_url', image_url: { url: DATA, detail: 'low' } }, parts[2]]);
    expect(asked).toEqual(['/a.png']);
  });

  test.each(['file_id', 'file_data', 'file_url'])('in a file named by its %s', async (field) => {
    const [seen] = await mapped([{ type: 'file', file: { [field]: `http://${host}/a.pdf`, format: 'application/pdf' } }]);
    const data = `data:application/pdf;base64,${Buffer.from('%PDF-1.7').toString('base64')}`;
    expect(seen).toEqual([{ type: 'file', file: { filename: 'a.pdf', format: 'application/pdf', file_data: data } }]);
  });

  test('once for all tries of a call, however often they are named', async () => {
    const seen = await mapped([image('/a.png'), image('/a.png')], {}, 2);
    expect(seen).toHaveLength(3);
    expect(new Set(seen.map((parts) => JSON.stringify(parts))).size).toBe(1);
    expect(asked).toEqual(['/a.png']);
  });

  test('in pictures to change, and in their mask', async () => {
    const url = `http://${host}/a.png`;
    const changed: unknown[] = [];
    gateway = createGateway({
      auth: false,
      providers: [
        {
          name: 'p',
          operations: {
            'images.edit': {
              needsBytes: () => true,
              toRequest: ({ request: { images, mask } }) => {
                changed.push(images, mask);
                return { url: 'x:', headers: {}, body: '' };
              },
              toError: () => new GatewayError('upstream_error', 'no'),
            },
          },
          send: () => Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body: picture() }),
        },
      ],
      models: [{ name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'm' }] }],
      media: { allowHosts: [host] },
    });
    const body = JSON.stringify({ model: 'm', prompt: 'p', images: [{ image_url: url }], mask: { image_url: url } });
    const response = await gateway.fetch('http://x/v1/images/edits', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(response.status).toBe(200);
    expect(changed).toEqual([[{ image_url: DATA }], { image_url: DATA }]);
    expect(asked).toEqual(['/a.png']);
  });

  test('never where there are none', async () => {
    const parts = [image('/a.png'), { type: 'image_url', image_url: { url: DATA } }];
    expect(await mapped(parts, { needsBytes: () => false })).toEqual([parts]);
    expect(asked).toEqual([]);
  });
});

describe('what cannot be fetched is named', () => {
  const place = 'messages[0].content[0].image_url.url';

  test.each([
    ['/missing', 'it answered with status 404'],
    ['/a.pdf', 'it is no image'],
  ])('%s', async (path, reason) => {
    await expect(mapped([image(path)])).rejects.toMatchObject({
      code: 'media_unavailable',
      status: 400,
      param: place,
      message: `${place} could not be fetched: ${reason}`,
    });
  });

  test('by a host that was not allowed', async () => {
    await expect(mapped([image('/a.png')], { media: {} })).rejects.toMatchObject({ code: 'media_unavailable' });
    expect(asked).toEqual([]);
  });

  test('in time', async () => {
    await expect(mapped([image('/slow')], { media: { allowHosts: [host], timeoutMs: 100 } })).rejects.toMatchObject({
      message: expect.stringContaining('it took too long'),
    });
  });

  test('within the limit of all together', async () => {
    const parts = [image('/1.png'), image('/2.png'), image('/3.png')];
    await expect(mapped(parts, { media: { allowHosts: [host], maxBytes: PNG.length * 2 } })).rejects.toMatchObject({
      message: expect.stringContaining('too large'),
    });
  });

  test('or said to be off', async () => {
    await expect(mapped([image('/a.png')], { media: false })).rejects.toMatchObject({ code: 'unsupported_parameter', param: place });
    expect(asked).toEqual([]);
  });

  test('and none is, where there are too many', async () => {
    const parts = Array.from({ length: 51 }, (_, index) => image(`/${index}.png`));
    await expect(mapped(parts)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(asked).toEqual([]);
  });
});

test('what makes no sense is told at the start', () => {
  expect(() => createGateway({ media: { allowHosts: ['http://files.test/'], maxBytes: 0 } })).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/media\.maxBytes[\s\S]*media\.allowHosts/) }),
  );
});
