import { EventStreamCodec } from '@smithy/eventstream-codec';

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  (text) => Buffer.from(text),
);

/** A frame as AWS's own library writes it. */
export function frame(name: string, payload: object, kind: 'event' | 'exception' = 'event'): Buffer {
  const header = (value: string): { type: 'string'; value: string } => ({ type: 'string', value });
  const headers = { ':message-type': header(kind), [`:${kind}-type`]: header(name), ':content-type': header('application/json') };
  return Buffer.from(codec.encode({ headers, body: Buffer.from(JSON.stringify(payload)) }));
}

type Answer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };

/** Frames as an answer. */
export function streamed(...frames: readonly Buffer[]): Answer {
  return { status: 200, headers: { 'content-type': 'application/vnd.amazon.eventstream' }, body: Buffer.concat(frames) };
}

/** An answer in JSON; `error` names the exception that it is. */
export function json(body: unknown, { status = 200, error }: { readonly status?: number; readonly error?: string } = {}): Answer {
  const headers = { 'content-type': 'application/json', ...(error !== undefined && { 'x-amzn-errortype': `${error}:http://internal.amazon.com/coral/` }) };
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}
