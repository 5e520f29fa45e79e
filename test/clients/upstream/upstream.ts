import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerChat } from './chat.ts';
import { FileHost } from './files.ts';
import { answerCompletions, answerEmbeddings, answerImages, answerModerations, answerSpeech, answerTranscription } from './other-answers.ts';
import { answerResponses } from './responses.ts';
import { fail, readBody, type UpstreamCall } from './wire.ts';

export type Upstream = {
  readonly baseUrl: string;
  /** How many answers were not wanted to their end. */
  readonly abandoned: () => number;
  /** How often it was asked for this: a method and a path. */
  readonly asked: (what: RegExp) => number;
  close(): Promise<void>;
};

const ROUTES: Readonly<Record<string, (call: UpstreamCall, res: ServerResponse) => void | Promise<void>>> = {
  '/v1/chat/completions': answerChat,
  '/v1/completions': answerCompletions,
  '/v1/embeddings': answerEmbeddings,
  '/v1/images/generations': answerImages,
  '/v1/images/edits': answerImages,
  '/v1/audio/speech': answerSpeech,
  '/v1/audio/transcriptions': answerTranscription,
  '/v1/audio/translations': answerTranscription,
  '/v1/moderations': answerModerations,
  '/v1/responses': answerResponses,
};

/** A host that answers as OpenAI does, by rules and without a model. Knows one key: `sk-upstream`. */
export async function startUpstream(): Promise<Upstream> {
  let abandoned = 0;
  const files = new FileHost();
  const requests: string[] = [];
  const server = createServer((req, res) => {
    requests.push(`${req.method} ${req.url}`);
    res.on('close', () => {
      if (!res.writableFinished && res.errored === null) abandoned += 1;
    });
    answer(req, res, files).catch((error: unknown) => res.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    abandoned: () => abandoned,
    asked: (what) => requests.filter((request) => what.test(request)).length,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(req: IncomingMessage, res: ServerResponse, files: FileHost): Promise<void> {
  const route = ROUTES[req.url ?? ''] ?? files.route(req.method ?? '', req.url ?? '');
  if (!route) return fail(res, 404, 'invalid_request_error', `Unknown request URL: ${req.method} ${req.url}`);
  const call = await readBody(req);
  if (req.headers.authorization !== 'Bearer sk-upstream') return fail(res, 401, 'invalid_request_error', 'Incorrect API key provided', 'invalid_api_key');
  await route(call, res);
}
