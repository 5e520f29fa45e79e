import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ANSWER_TEXT } from '@sluice/testing';

export type MockUpstream = {
  readonly port: number;
  /** With `/v1`. */
  readonly url: string;
  /** Requests that arrived, and their times by `performance.now()`. */
  readonly arrivals: readonly number[];
  /** Answers that were given whole, with status 200. */
  readonly answered: number;
  /** Requests that have neither been answered nor been given up. Connections tell less: an idle one is kept for the next call. */
  readonly openRequests: number;
  close(): Promise<void>;
};

export type Behaviour = (res: ServerResponse, request: { readonly req: IncomingMessage; readonly body: string }) => void;

/** A provider on 127.0.0.1 that keeps the times of its requests. By default it answers after `ms`. */
export async function mockUpstream(behave: Behaviour = answerAfter(20)): Promise<MockUpstream> {
  const arrivals: number[] = [];
  let openRequests = 0;
  let answered = 0;
  const server = createServer((req, res) => {
    openRequests += 1;
    res.on('close', () => (openRequests -= 1));
    res.on('finish', () => (answered += res.statusCode === 200 ? 1 : 0));
    let body = '';
    req.on('data', (chunk) => (body += chunk));
    req.on('end', () => {
      arrivals.push(performance.now());
      behave(res, { req, body });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/v1`,
    arrivals,
    get answered() {
      return answered;
    },
    get openRequests() {
      return openRequests;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** What an answer of {@link answerAfter} costs: 17 tokens. */
export const ANSWER_NANO_USD = 17_000_000;

const BODY = JSON.stringify({
  id: 'chatcmpl-mock',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'mock-1',
  choices: [{ index: 0, message: { role: 'assistant', content: ANSWER_TEXT }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 11, completion_tokens: 17, total_tokens: 28 },
});

export function answerAfter(ms: number): Behaviour {
  return (res) => void setTimeout(() => res.writeHead(200, { 'content-type': 'application/json' }).end(BODY), ms);
}

export function refuseWith(status: number, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return (res) =>
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error: { message: `Refused with ${status}` } }));
}
