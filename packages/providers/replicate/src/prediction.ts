import type { FollowUp, JsonObject, ProviderCall, WireRequest } from '@sluice/core';
import type { Endpoint } from '@sluice/openai-wire';

/** https://replicate.com/docs/reference/http#predictions.get */
export type Prediction = {
  readonly id?: string;
  readonly created_at?: string;
  readonly started_at?: string;
  readonly completed_at?: string;
  readonly status?: string;
  readonly output?: unknown;
  readonly error?: string | null;
  readonly urls?: { readonly stream?: string };
  readonly metrics?: {
    /** In seconds. */
    readonly predict_time?: number;
    readonly input_token_count?: number;
    readonly output_token_count?: number;
  };
};

/** Where streams and files are, besides the address of the API. */
export const FOLLOWS_TO = ['https://*.replicate.com', 'https://*.replicate.net', 'https://replicate.delivery', 'https://*.replicate.delivery'] as const;

const UNDER_WAY: ReadonlySet<string | undefined> = new Set(['starting', 'processing']);
/** As the official client asks. */
const POLL_MS = 500;
const VERSION = /^[0-9a-f]{64}$/;

/**
 * Asks for a prediction: of an official model (`owner/name`), a version (`owner/name:version`, or the version alone) or
 * a deployment (`deployments/owner/name`). It answers at once, so that whoever leaves can cancel by its id.
 */
export function toPredictionRequest({ request, deployment: { model } }: ProviderCall, { url, jsonHeaders: headers }: Endpoint, input: JsonObject): WireRequest {
  const [name = '', version = VERSION.test(model) ? model : undefined] = model.split(':');
  const body = { input, ...(request.stream === true && { stream: true }) };
  if (version !== undefined) return { url: `${url('chat')}/predictions`, headers, body: JSON.stringify({ version, ...body }) };
  const path = (name.startsWith('deployments/') ? name : `models/${name}`).split('/').map(encodeURIComponent).join('/');
  return { url: `${url('chat')}/${path}/predictions`, headers, body: JSON.stringify(body) };
}

/** What comes after `prediction`, while it is under way: its stream where one is wanted and there is one, else how it stands. */
export function nextOf({ id, status, urls }: Prediction, endpoint: Endpoint, wantsStream: boolean): FollowUp | undefined {
  if (!UNDER_WAY.has(status) || id === undefined) return undefined;
  const { url, headers } = endpoint;
  const self = `${url('chat')}/predictions/${encodeURIComponent(id)}`;
  const cancel: WireRequest = { url: `${self}/cancel`, headers };
  if (wantsStream && urls?.stream !== undefined) return { wire: toFile(urls.stream, { accept: 'text/event-stream' }), afterMs: 0, cancel };
  return { wire: { url: self, method: 'GET', headers }, afterMs: POLL_MS, cancel };
}

/** The addresses of streams and files are secrets by themselves: the key stays at home, as with the official client. */
export function toFile(url: string, headers: Readonly<Record<string, string>> = {}): WireRequest {
  return { url, method: 'GET', headers: { 'accept-encoding': 'identity', ...headers } };
}

export function predictionIn(body: unknown): Prediction {
  return body !== null && typeof body === 'object' ? (body as Prediction) : {};
}
