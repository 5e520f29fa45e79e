import {
  createGateway,
  type Deployment,
  type Gateway,
  type ModelRequest,
  type Operation,
  type Provider,
  secret,
  type Usage,
  type WireRequest,
} from '@sluice/core';
import { ROUTES } from '@sluice/core/http';
import { type Recording, replayed, type ReplayOptions } from './recording.ts';

export type Asking = {
  readonly provider: Provider;
  readonly operation: Operation;
  readonly request: ModelRequest;
  /** What the provider answers. Absent: it brings its own answers. */
  readonly recording?: Recording;
  /** What it answers on the way there, where it takes a job and is asked until the job is done. */
  readonly before?: readonly Recording[];
  /** Anything but the id, the provider and the key. */
  readonly deployment?: Partial<Deployment>;
  /** Whether the deployment has a key. Default true; false where the provider signs with something else. */
  readonly hasKey?: boolean;
  readonly replay?: ReplayOptions;
  /** The caller leaves when the first bytes of the answer are there. */
  readonly leaves?: boolean;
};

/** `sent` is the first request, and missing where the gateway refused the call by itself. */
export type Answered = {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
  readonly sent: WireRequest | undefined;
  /** What the gateway has counted. */
  readonly usage: Usage | undefined;
  /** What the call cost at the deployment's price. */
  readonly costNanoUsd: number | undefined;
};

/** The key that the provider under test is given; it must never be seen by a caller. */
export const PROVIDER_KEY = 'sk-contract-0123456789abcdef';

/** One call through a whole gateway, by HTTP without a socket, with a recording in place of the provider. */
export async function ask({
  provider,
  operation,
  request,
  recording,
  before = [],
  deployment = {},
  hasKey = true,
  replay = {},
  leaves = false,
}: Asking): Promise<Answered> {
  let sent: WireRequest | undefined;
  let usage: Usage | undefined;
  let costNanoUsd: number | undefined;
  const earlier = [...before];
  const replaying: Provider = recording
    ? {
        ...provider,
        send(wire) {
          sent ??= wire;
          const next = earlier.shift();
          return Promise.resolve(next ? replayed(next, {}) : replayed(recording, replay));
        },
      }
    : provider;
  const gateway = createGateway({
    auth: false,
    providers: [replaying],
    models: [
      {
        name: 'contract-model',
        deployments: [{ id: 'contract', provider: provider.name, model: 'provider-model', ...(hasKey && { apiKey: secret(PROVIDER_KEY) }), ...deployment }],
      },
    ],
    router: { retries: 0 },
    hooks: [
      {
        name: 'usage',
        phase: 'logger',
        handle(ctx, next) {
          ctx.defer(() => {
            ({ usage, costNanoUsd } = ctx);
          });
          return next();
        },
      },
    ],
  });
  try {
    const response = await post(gateway, operation, { ...request, model: 'contract-model' });
    const bytes = leaves ? await firstOf(response) : Buffer.from(await response.arrayBuffer());
    await gateway.idle();
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      headers: response.headers,
      bytes,
      text: bytes.toString('utf8'),
      sent,
      usage,
      costNanoUsd,
    };
  } finally {
    await gateway.close();
  }
}

/** JSON, or a form with a small file where the route wants one. */
function post(gateway: Gateway, operation: Operation, request: ModelRequest): Promise<Response> {
  const route = ROUTES.find((candidate) => candidate.operation === operation);
  if (!route) throw new Error(`There is no route for '${operation}'`);
  const url = `http://contract/v1${route.path}`;
  const isForm = route.body === 'multipart' || (route.body === 'multipart-or-json' && request.images === undefined);
  if (!isForm) return gateway.fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) });
  const form = new FormData();
  for (const [field, value] of Object.entries(request)) form.append(field, String(value));
  form.append(operation === 'images.edit' ? 'image' : 'file', new Blob([Buffer.from('bytes of a file')]), 'file.bin');
  return gateway.fetch(url, { method: 'POST', body: form });
}

async function firstOf({ body }: Response): Promise<Buffer> {
  const reader = body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return Buffer.from(value ?? []);
}
