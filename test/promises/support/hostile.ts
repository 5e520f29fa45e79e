import { request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { mockUpstream } from './mock-upstream.ts';

const MIB = 2 ** 20;
const PIECE = Buffer.alloc(64 * 1024, 'x');
const EVENT = Buffer.from(
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content: 'x'.repeat(1_000) } }] })}\n\n`,
);

type Attack = { readonly name: string; answer(res: ServerResponse, megabytes: number): void; readonly listen: (url: string, forMs: number) => Promise<void> };

const ATTACKS: readonly Attack[] = [
  {
    name: 'events of 200 MB',
    answer(res, megabytes) {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: {"x":"');
      pour(res, PIECE, megabytes * MIB);
    },
    listen: (url) => read(url, 120_000),
  },
  {
    name: 'streams without an end',
    answer: (res) => pour(res.writeHead(200, { 'content-type': 'text/event-stream' }), EVENT, Number.POSITIVE_INFINITY),
    listen: read,
  },
  {
    name: 'readers of a byte a second',
    answer: (res) => pour(res.writeHead(200, { 'content-type': 'text/event-stream' }), EVENT, Number.POSITIVE_INFINITY),
    listen: readSlowly,
  },
  {
    name: 'bombs by gzip, of 1 GB each',
    answer: (res) => void res.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }).end(BOMB()),
    listen: (url) => read(url, 60_000),
  },
];

let bomb: Buffer | undefined;
/** Gzip takes members one after the other, so a few kB each of nothing make a GB. */
const BOMB = (): Buffer => (bomb ??= Buffer.concat(new Array<Buffer>(16).fill(gzipSync(Buffer.alloc(64 * MIB), { level: 9 }))));

export const ATTACK_NAMES: readonly string[] = ATTACKS.map(({ name }) => name);

export type Hostile = {
  /** Of an upstream with evil answers. */
  readonly url: string;
  /** Asks a gateway for them, several times at once, and listens as callers do who mean no better. */
  attack(gatewayUrl: string, together: number, forMs: number): Promise<void>;
  close(): Promise<void>;
};

export async function openHostile(name: string, megabytes: number): Promise<Hostile> {
  const { answer, listen } = ATTACKS.find((attack) => attack.name === name) as Attack;
  const upstream = await mockUpstream((res) => answer(res, megabytes));
  return {
    url: upstream.url,
    async attack(gatewayUrl, together, forMs) {
      await Promise.all(Array.from({ length: together }, () => listen(gatewayUrl, forMs)));
    },
    close: upstream.close,
  };
}

/** Writes as fast as it is read. */
function pour(res: ServerResponse, piece: Buffer, bytes: number): void {
  let written = 0;
  const write = (): void => {
    while (written < bytes && !res.destroyed) {
      written += piece.length;
      if (!res.write(piece)) return void res.once('drain', write);
    }
    if (!res.destroyed) res.end();
  };
  write();
}

const BODY = JSON.stringify({ model: 'hostile', stream: true, messages: [{ role: 'user', content: 'Say it' }] });

/** Reads as fast as it can, until the end or for a while. */
function read(url: string, forMs: number): Promise<void> {
  return new Promise((resolve) => {
    const sent = request(`${url}/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' } }, (res) => {
      res
        .resume()
        .on('error', () => undefined)
        .on('close', resolve);
    });
    sent.on('error', () => resolve()).end(BODY);
    const timer = setTimeout(() => sent.destroy(), forMs);
    sent.on('close', () => clearTimeout(timer));
  });
}

function readSlowly(url: string, forMs: number): Promise<void> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ port: Number(port), host: hostname }, () => {
      socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`);
    });
    socket.on('error', () => undefined);
    const timer = setInterval(() => socket.read(1), 1_000);
    setTimeout(() => {
      clearInterval(timer);
      socket.destroy();
      resolve();
    }, forMs);
  });
}
