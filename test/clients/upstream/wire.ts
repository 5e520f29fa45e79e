import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a caller sent: JSON, or the fields and files of a form. */
export type UpstreamCall = { readonly body: Readonly<Record<string, unknown>>; readonly files: ReadonlyMap<string, Uint8Array> };

export async function readBody(req: IncomingMessage): Promise<UpstreamCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const contentType = req.headers['content-type'] ?? '';
  if (!contentType.startsWith('multipart/form-data')) return { body: JSON.parse(bytes.toString('utf8') || '{}') as Record<string, unknown>, files: new Map() };

  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  const body: Record<string, unknown> = {};
  const files = new Map<string, Uint8Array>();
  for (const [name, value] of form) {
    if (typeof value === 'string') body[name] = value;
    else files.set(name, new Uint8Array(await value.arrayBuffer()));
  }
  return { body, files };
}

export function sendJson(res: ServerResponse, body: object, status = 200): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function fail(res: ServerResponse, status: number, type: string, message: string, code: string | null = null): void {
  sendJson(res, { error: { message, type, param: null, code } }, status);
}

export type SentEvent = { readonly event?: string; readonly data: object | '[DONE]' };

/** Sends events a turn of the loop apart, and then ends, or cuts the connection. Stops when the caller has left. */
export async function sendEvents(res: ServerResponse, events: Iterable<SentEvent>, { pauseMs = 0, isCut = false } = {}): Promise<void> {
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  for (const { event, data } of events) {
    if (res.destroyed) return;
    res.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${data === '[DONE]' ? data : JSON.stringify(data)}\n\n`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  if (isCut) res.destroy(new Error('cut on purpose'));
  else res.end();
}
