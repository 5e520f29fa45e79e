import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Lookup } from './guarded-connector.ts';
import { type MediaFetcher, mediaFetcher, type MediaOptions } from './media-fetcher.ts';
import type { MediaKind } from './media-type.ts';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const sendPng: RequestListener = (_, res) => res.writeHead(200, { 'content-type': 'image/png' }).end(PNG);

/** Stands for a service inside a private network. Nobody may ever connect to it. */
let canary: Server;
let canaryPort: number;
let connections = 0;
let files: Server;
let filesPort: number;
let answer: RequestListener = sendPng;
let fetcher: MediaFetcher | undefined;

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  canary = createServer(sendPng).on('connection', () => (connections += 1));
  files = createServer((req, res) => answer(req, res));
  [canaryPort, filesPort] = [await listen(canary), await listen(files)];
});
beforeEach(() => {
  answer = sendPng;
  connections = 0;
});
afterEach(() => fetcher?.close());
afterAll(() => {
  canary.close();
  files.close();
});

function fetched(url: string, options: MediaOptions & { kind?: MediaKind; signal?: AbortSignal; leftBytes?: number } = {}, lookup?: Lookup) {
  const { kind = 'image', signal = new AbortController().signal, leftBytes = 1_000_000, ...rest } = options;
  fetcher = mediaFetcher({ allowHosts: [`127.0.0.1:${filesPort}`], ...rest }, lookup);
  return fetcher.fetch(url, { kind, signal, budget: { leftBytes } });
}

const file = (path = '/a.png'): string => `http://127.0.0.1:${filesPort}${path}`;

/** As a server of names would answer that belongs to the caller. */
const names =
  (addresses: readonly string[]): Lookup =>
  (_, __, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

describe('P51: callers cannot choose a destination', () => {
  test.each([
    ...[
      'http://127.0.0.1/',
      'http://localhost/',
      'http://0.0.0.0/',
      'http://2130706433/',
      'http://0x7f000001/',
      'http://0177.0.0.1/',
      'http://127.1/',
      'http://[::1]/',
    ],
    ...[
      'http://[::]/',
      'http://[::ffff:127.0.0.1]/',
      'http://[::127.0.0.1]/',
      'http://[64:ff9b::7f00:1]/',
      'http://[2002:7f00:1::]/',
      'http://169.254.169.254/latest/meta-data/',
    ],
    ...['http://①②⑦.⓪.⓪.①/', 'http://127。0。0。1/', 'http://10.0.0.1/', 'http://[fd00:ec2::254]/'],
  ])('%s is not connected to, at whatever port', async (url) => {
    const at = new URL(url);
    for (const port of ['', String(canaryPort)]) {
      at.port = port;
      await expect(fetched(at.href, { timeoutMs: 2000 })).rejects.toThrow('it does not lead to a public address');
    }
    expect(connections).toBe(0);
  });

  test.each([[['127.0.0.1']], [['8.8.8.8', '127.0.0.1']], [['::1']], [['::ffff:127.0.0.1']], [['169.254.169.254']], [[]]])(
    'a name that means %j is not connected to',
    async (addresses) => {
      await expect(fetched('http://rebind.test/', {}, names(addresses))).rejects.toThrow('it does not lead to a public address');
    },
  );

  test('a name is looked up once, by whoever connects: no second answer can differ from the one that was judged', async () => {
    let lookups = 0;
    const counting: Lookup = (...args) => {
      lookups += 1;
      names(['127.0.0.1'])(...args);
    };
    await expect(fetched('http://rebind.test/', {}, counting)).rejects.toThrow('it does not lead to a public address');
    expect(lookups).toBe(1);
  });

  test('a name that is not found is not told from one that is not public', async () => {
    const lookup: Lookup = (_, __, callback) => callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []);
    await expect(fetched('http://nowhere.test/', {}, lookup)).rejects.toThrow(/^it does not lead to a public address on port 80 or 443$/);
  });

  test.each([
    [() => `http://127.0.0.1:${canaryPort}/`, 'it does not lead to a public address'],
    [() => 'http://169.254.169.254/latest/meta-data/', 'it does not lead to a public address'],
    [() => `//127.0.0.1:${canaryPort}/`, 'it does not lead to a public address'],
    [() => 'file:///etc/passwd', 'it is not an http(s) URL'],
    [() => `http://user:password@127.0.0.1:${filesPort}/`, 'it holds a credential'],
  ])('a redirect to %s is judged like an address', async (to, reason) => {
    answer = (_, res) => res.writeHead(302, { location: to() }).end();
    await expect(fetched(file())).rejects.toThrow(reason);
    expect(connections).toBe(0);
  });

  test.each(['file:///etc/passwd', 'ftp://8.8.8.8/', 'gopher://8.8.8.8/', 'no address', 'http://'])('%s is no address', async (url) => {
    await expect(fetched(url)).rejects.toThrow('it is not an http(s) URL');
  });

  test.each(['http://user@8.8.8.8/', 'http://user:password@8.8.8.8/'])('%s is refused for its credential', async (url) => {
    await expect(fetched(url)).rejects.toThrow('it holds a credential');
  });

  test('other ports are not tried', async () => {
    await expect(fetched('http://1.1.1.1:22/', { timeoutMs: 500 })).rejects.toThrow('on port 80 or 443');
  });
});

describe('a file', () => {
  test('is fetched without credentials, cookies or packing', async () => {
    let headers: object = {};
    answer = (req, res) => {
      headers = req.headers;
      sendPng(req, res);
    };
    expect(await fetched(file())).toEqual({ bytes: PNG, mediaType: 'image/png' });
    expect(Object.keys(headers).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent']);
  });

  test('may be redirected, but not for ever', async () => {
    answer = (req, res) => (req.url === '/end' ? sendPng(req, res) : res.writeHead(301, { location: req.url === '/1' ? '/end' : '/1' }).end());
    expect((await fetched(file('/0'))).bytes).toEqual(PNG);
    answer = (_, res) => res.writeHead(307, { location: '/again' }).end();
    await expect(fetched(file())).rejects.toThrow('it is redirected too often');
  });

  test.each<[MediaKind, string, Buffer | string, string]>([
    ['image', 'image/jpeg', PNG, 'image/png'],
    ['image', 'application/octet-stream', PNG, 'image/png'],
    ['image', 'image/svg+xml; charset=utf-8', '<svg/>', 'image/svg+xml'],
    ['file', '', '%PDF-1.7', 'application/pdf'],
    ['file', 'text/plain', 'Hello', 'text/plain'],
    ['audio', 'audio/mpeg', 'ID3', 'audio/mpeg'],
  ])('that is a %s, called %j, has the type of its bytes', async (kind, contentType, body, mediaType) => {
    answer = (_, res) => res.writeHead(200, contentType === '' ? {} : { 'content-type': contentType }).end(body);
    expect((await fetched(file(), { kind })).mediaType).toBe(mediaType);
  });

  test.each<[MediaKind, string, Buffer | string, string]>([
    ['image', 'text/html', '<html>', 'it is no image'],
    ['image', '', 'what?', 'it is no image'],
    ['image', 'application/pdf', '%PDF-', 'it is no image'],
    ['file', 'text/html', '<html>Please log in', 'it is no document'],
    ['video', 'image/png', PNG, 'it is no video'],
  ])('that should be a %s and is %j is refused', async (kind, contentType, body, reason) => {
    answer = (_, res) => res.writeHead(200, contentType === '' ? {} : { 'content-type': contentType }).end(body);
    await expect(fetched(file(), { kind })).rejects.toThrow(reason);
  });

  test('that is too large is refused, by its word or by its bytes', async () => {
    await expect(fetched(file(), { leftBytes: PNG.length - 1 })).rejects.toThrow('too large');
    answer = (_, res) => {
      res.writeHead(200, { 'content-type': 'image/png' });
      const more = setInterval(() => res.write(Buffer.alloc(64 * 1024)), 1);
      res.on('close', () => clearInterval(more));
    };
    await expect(fetched(file())).rejects.toThrow('too large');
  });

  test.each([
    [(res: Parameters<RequestListener>[1]) => res.writeHead(404).end(), 'it answered with status 404'],
    [(res: Parameters<RequestListener>[1]) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(PNG), 'it came packed'],
    [(res: Parameters<RequestListener>[1]) => res.writeHead(200, { 'content-length': 1000 }).write(PNG, () => res.destroy()), 'the connection failed'],
    [(res: Parameters<RequestListener>[1]) => res.destroy(), 'the connection failed'],
    [(res: Parameters<RequestListener>[1]) => res.writeHead(302).end(), 'it is redirected to nowhere'],
  ])('that does not come is an error', async (act, reason) => {
    answer = (_, res) => void act(res);
    await expect(fetched(file())).rejects.toThrow(reason);
  });

  test('is not waited for when nobody wants it any more', async () => {
    answer = () => undefined;
    const controller = new AbortController();
    const waiting = fetched(file(), { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toThrow('the connection failed');
  });
});
