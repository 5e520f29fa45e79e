import type { HttpHandler, HttpReply, HttpRequest } from './http-types.ts';
import { openApiDocument } from './openapi.ts';
import { OPEN_ROUTES, type OpenRoute } from './routes.ts';

export type OpenAnswersOptions = {
  readonly version: string;
  /** Whether calls are taken. */
  readonly isReady: () => boolean;
};

const ROUTES_BY_PATH = new Map(OPEN_ROUTES.map((route) => [route.path, route]));

/** What is answered to anybody, cheaply: probes of the host's platform, and the description of the gateway. */
export function openAnswers({ version, isReady }: OpenAnswersOptions): HttpHandler {
  let openApi: string | undefined;

  function answer({ answers }: OpenRoute): HttpReply {
    switch (answers) {
      case 'liveness':
        return json(200, JSON.stringify({ status: 'alive', version }));
      case 'readiness':
        return isReady() ? json(200, JSON.stringify({ status: 'ready', version })) : json(503, JSON.stringify({ status: 'closing', version }));
      case 'openapi':
        return json(200, (openApi ??= JSON.stringify(openApiDocument(version))));
    }
  }

  return ({ method, path }: HttpRequest) => {
    const route = method === 'GET' || method === 'HEAD' ? ROUTES_BY_PATH.get(path.startsWith('/v1/') ? path.slice(3) : path) : undefined;
    return route && Promise.resolve(answer(route));
  };
}

function json(status: number, body: string): HttpReply {
  return { status, headers: ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(body)), 'cache-control', 'no-store'], body };
}
