import type { Framing } from './fault.ts';

/** The text that a faultless answer says. */
export const ANSWER_TEXT = 'The quick brown fox jumps — ünïcödé included.';

const BASE = { id: 'chatcmpl-fault', created: 1_700_000_000, model: 'fault-1' };
const USAGE = { prompt_tokens: 11, completion_tokens: 17, total_tokens: 28 };

/** Server-sent events of a chat answer, one for each word, ended as OpenAI ends them. */
export function chatEvents(text: string = ANSWER_TEXT): string[] {
  const chunk = (delta: object, finish: string | null) => ({ ...BASE, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] });
  const words = text.match(/\S+\s*/g) ?? [];
  const chunks = [
    chunk({ role: 'assistant', content: '' }, null),
    ...words.map((content) => chunk({ content }, null)),
    chunk({}, 'stop'),
    { ...BASE, object: 'chat.completion.chunk', choices: [], usage: USAGE },
  ];
  return [...chunks.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'];
}

export function chatBody(text: string = ANSWER_TEXT): string {
  return JSON.stringify({
    ...BASE,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: USAGE,
  });
}

export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pieces: readonly string[];
  readonly framing?: Framing;
};

/** An answer as the bytes of HTTP/1.1, head and all. */
export function toBytes({ status = 200, headers = {}, pieces, framing = 'chunked' }: Answer): Buffer {
  const bodies = pieces.map((piece) => Buffer.from(piece));
  const framed = framing === 'chunked' ? [...bodies.map(toChunk), Buffer.from('0\r\n\r\n')] : bodies;
  const length = bodies.reduce((sum, body) => sum + body.length, 0);
  const lines = Object.entries({
    ...headers,
    ...FRAMING_HEADERS[framing],
    ...(framing === 'length' ? { 'content-length': String(length), ...pick(headers) } : {}),
  });
  const head = `HTTP/1.1 ${status} ${status < 400 ? 'OK' : 'Refused'}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), ...framed]);
}

const FRAMING_HEADERS: Readonly<Record<Framing, Readonly<Record<string, string>>>> = {
  length: {},
  chunked: { 'transfer-encoding': 'chunked' },
  'until-close': { connection: 'close' },
};

/** A length that was given stays, however wrong. */
function pick({ 'content-length': length }: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return length === undefined ? {} : { 'content-length': length };
}

function toChunk(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);
}
