import type { Operation } from '../types/call.ts';

export type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /**
   * Below the mount path and an optional `/v1`, unless it names a version of its own. `{id}` takes one segment, `{+id}`
   * the rest of the path, slashes included (as in RFC 6570).
   */
  readonly path: string;
  readonly operation: Operation;
  readonly body: 'json' | 'multipart' | 'multipart-or-json' | 'none';
  readonly summary: string;
};

/** Every route that passes the pipeline, as data: the handler, the OpenAPI document and the docs are made from it. */
export const ROUTES: readonly Route[] = [
  { method: 'POST', path: '/chat/completions', operation: 'chat', body: 'json', summary: 'Answer a conversation' },
  { method: 'POST', path: '/completions', operation: 'completions', body: 'json', summary: 'Continue a text' },
  { method: 'POST', path: '/embeddings', operation: 'embeddings', body: 'json', summary: 'Turn texts into vectors' },
  { method: 'POST', path: '/moderations', operation: 'moderations', body: 'json', summary: 'Classify texts and images by policy' },
  { method: 'POST', path: '/images/generations', operation: 'images.generate', body: 'json', summary: 'Draw an image' },
  { method: 'POST', path: '/images/edits', operation: 'images.edit', body: 'multipart-or-json', summary: 'Change an image' },
  { method: 'POST', path: '/audio/speech', operation: 'audio.speech', body: 'json', summary: 'Speak a text' },
  { method: 'POST', path: '/audio/transcriptions', operation: 'audio.transcribe', body: 'multipart', summary: 'Write down speech' },
  { method: 'POST', path: '/audio/translations', operation: 'audio.translate', body: 'multipart', summary: 'Write down speech in English' },
  { method: 'POST', path: '/responses', operation: 'responses', body: 'json', summary: 'Answer in the form of the Responses API' },
  { method: 'POST', path: '/rerank', operation: 'rerank', body: 'json', summary: 'Order documents by how well they answer a query' },
  { method: 'POST', path: '/v2/rerank', operation: 'rerank', body: 'json', summary: "The same, at the address of Cohere's second version" },
  { method: 'POST', path: '/ocr', operation: 'ocr', body: 'json', summary: 'Read a document' },
  { method: 'POST', path: '/utils/token_counter', operation: 'tokens.count', body: 'json', summary: 'Count the tokens of a request' },
  { method: 'POST', path: '/files', operation: 'files.create', body: 'multipart', summary: 'Upload a file' },
  { method: 'GET', path: '/files', operation: 'files.list', body: 'none', summary: 'List the files that this key has uploaded' },
  { method: 'GET', path: '/files/{id}', operation: 'files.get', body: 'none', summary: 'Describe one file' },
  { method: 'DELETE', path: '/files/{id}', operation: 'files.delete', body: 'none', summary: 'Delete one file' },
  { method: 'GET', path: '/files/{id}/content', operation: 'files.content', body: 'none', summary: 'Read one file' },
  {
    method: 'POST',
    path: '/batches',
    operation: 'batches.create',
    body: 'json',
    summary: 'Have the requests of a file answered within a day, at half the price',
  },
  { method: 'GET', path: '/batches', operation: 'batches.list', body: 'none', summary: 'List the batches of this key' },
  { method: 'GET', path: '/batches/{id}', operation: 'batches.get', body: 'none', summary: 'Tell how far a batch is' },
  { method: 'POST', path: '/batches/{id}/cancel', operation: 'batches.cancel', body: 'none', summary: 'End a batch' },
  { method: 'GET', path: '/models', operation: 'models.list', body: 'none', summary: 'List the models this key may use' },
  { method: 'GET', path: '/models/{+id}', operation: 'models.get', body: 'none', summary: 'Describe one model' },
  {
    method: 'GET',
    path: '/health',
    operation: 'health',
    body: 'none',
    summary: 'How the deployments of `?model=`, or of all models that this key may use, are',
  },
  { method: 'GET', path: '/metrics', operation: 'metrics', body: 'none', summary: 'Figures for Prometheus, where a sink has them; for administrators' },
];

/** What anybody may ask of the gateway, without a key and without a trace in the records. */
export type OpenRoute = { readonly path: string; readonly answers: 'liveness' | 'readiness' | 'openapi'; readonly summary: string };

/** All of them by GET or HEAD. */
export const OPEN_ROUTES: readonly OpenRoute[] = [
  { path: '/health/liveness', answers: 'liveness', summary: 'Whether the process answers' },
  { path: '/health/liveliness', answers: 'liveness', summary: 'The same, by the name LiteLLM gave it' },
  { path: '/health/readiness', answers: 'readiness', summary: 'Whether calls are taken' },
  { path: '/openapi.json', answers: 'openapi', summary: 'This document' },
];

export type RouteMatch =
  | { readonly kind: 'route'; readonly route: Route; readonly id?: string }
  /** The path is ours, the method is not. */
  | { readonly kind: 'wrong-method'; readonly allowed: readonly string[] };

const EXACT = new Map<string, Route[]>();
for (const route of ROUTES) EXACT.set(route.path, [...(EXACT.get(route.path) ?? []), route]);

const WITH_ID = ROUTES.filter(({ path }) => path.includes('{')).map((route) => {
  const [before = '', after = ''] = route.path.split(/\{\+?id\}/);
  return { route, before, after, takesSlashes: route.path.includes('{+') };
});

/** The route meant by a path below the mount, or nothing when the path is not ours. */
export function matchRoute(method: string, path: string): RouteMatch | undefined {
  const local = path.startsWith('/v1/') ? path.slice(3) : path;
  const routes = EXACT.get(local) ?? EXACT.get(withoutTrailingSlash(local));
  if (routes) return choose(method, routes, undefined);
  const found = WITH_ID.flatMap((candidate) => {
    const id = idIn(local, candidate);
    return id === undefined ? [] : [{ route: candidate.route, id }];
  });
  return choose(
    method,
    found.map(({ route }) => route),
    found[0]?.id,
  );
}

function choose(method: string, routes: readonly Route[], id: string | undefined): RouteMatch | undefined {
  if (routes.length === 0) return undefined;
  const route = routes.find((candidate) => candidate.method === method);
  if (!route) return { kind: 'wrong-method', allowed: routes.map((candidate) => candidate.method) };
  return { kind: 'route', route, ...(id !== undefined && { id }) };
}

function idIn(path: string, { before, after, takesSlashes }: (typeof WITH_ID)[number]): string | undefined {
  if (!path.startsWith(before) || !path.endsWith(after)) return undefined;
  const segment = path.slice(before.length, path.length - after.length);
  return segment === '' || (!takesSlashes && segment.includes('/')) ? undefined : decode(segment);
}

function withoutTrailingSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
