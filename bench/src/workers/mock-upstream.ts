// A provider that costs next to nothing: raw sockets and answers made beforehand.
// The model's name says what is wanted: `…-<chunks>-<milliseconds between them>`; 0 chunks is a whole answer.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { EVENT_BYTES, eventTemplate, nowMicros, stampEvent } from '../chunk-format.ts';
import { answerCalls } from '../rpc.ts';

const MODEL = /"model":"[a-z-]+-(\d+)-(\d+)"/;
const HEAD_END = '\r\n\r\n';
const CONTENT_LENGTH = /content-length: *(\d+)/i;

const TEXT = 'An answer of a sentence or two, as long as those that a small model gives to a small question.';
const completion = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1700000000,
  model: 'bench',
  choices: [{ index: 0, message: { role: 'assistant', content: TEXT, refusal: null }, logprobs: null, finish_reason: 'stop' }],
  usage: {
    prompt_tokens: 220,
    completion_tokens: 22,
    total_tokens: 242,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  },
  service_tier: 'default',
});
const wholeAnswer = Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${completion.length}\r\n\r\n${completion}`);
const streamHead = Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n');
const finish =
  '{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"bench","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}';
const usage =
  '{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"bench","choices":[],"usage":{"prompt_tokens":220,"completion_tokens":22,"total_tokens":242}}';
const endPlain = frame(`data: ${finish}\n\ndata: [DONE]\n\n`, true);
const endWithUsage = frame(`data: ${finish}\n\ndata: ${usage}\n\ndata: [DONE]\n\n`, true);
const chunkFrame = frame(eventTemplate.toString(), false);
const FRAME_HEAD_BYTES = chunkFrame.indexOf('data: ');

const counts = { connections: 0, activeStreams: 0, requests: 0, chunks: 0 };

const server = createServer({ noDelay: true }, (socket) => {
  let pending: Buffer | undefined;
  let stopStream: (() => void) | undefined;
  counts.connections += 1;
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    counts.connections -= 1;
    stopStream?.();
  });
  socket.on('data', (data: Buffer) => {
    const bytes = pending ? Buffer.concat([pending, data]) : data;
    const bodyAt = bytes.indexOf(HEAD_END) + HEAD_END.length;
    const length = bodyAt < HEAD_END.length ? Number.NaN : Number(CONTENT_LENGTH.exec(bytes.toString('latin1', 0, bodyAt))?.[1] ?? 0);
    const isWhole = bytes.length >= bodyAt + length;
    pending = isWhole ? undefined : bytes;
    if (isWhole) stopStream = reply(socket, bytes.toString('latin1', bodyAt));
  });
});

function reply(socket: Socket, body: string): (() => void) | undefined {
  counts.requests += 1;
  const [, chunks = 0, delayMs = 0] = (MODEL.exec(body) ?? []).map(Number);
  if (chunks === 0) {
    socket.write(wholeAnswer);
    return undefined;
  }
  const end = body.includes('"include_usage":true') ? endWithUsage : endPlain;
  if (delayMs > 0) return pacedStream(socket, chunks, delayMs, end);
  burst(socket, chunks, end);
  return undefined;
}

function pacedStream(socket: Socket, chunks: number, delayMs: number, end: Buffer): () => void {
  let left = chunks;
  counts.activeStreams += 1;
  socket.write(streamHead);

  function next(): void {
    const framed = Buffer.from(chunkFrame);
    stampEvent(framed, FRAME_HEAD_BYTES, nowMicros());
    socket.write(framed);
    counts.chunks += 1;
    left -= 1;
    if (left > 0) return;
    socket.write(end);
    stop();
  }

  const timer = setInterval(next, delayMs);
  function stop(): void {
    if (left >= 0) counts.activeStreams -= 1;
    left = -1;
    clearInterval(timer);
  }
  return stop;
}

const EVENTS_PER_WRITE = 10;
const pieceOfBurst = Buffer.concat(Array.from({ length: EVENTS_PER_WRITE }, () => chunkFrame));

/** As fast as it goes, in several writes, so that the reader finds several events in one read and not all of them. */
function burst(socket: Socket, chunks: number, end: Buffer): void {
  counts.chunks += chunks;
  socket.write(streamHead);
  let left = chunks;
  for (; left >= EVENTS_PER_WRITE; left -= EVENTS_PER_WRITE) socket.write(pieceOfBurst);
  for (; left > 0; left -= 1) socket.write(chunkFrame);
  socket.write(end);
}

function frame(text: string, isLast: boolean): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n${isLast ? '0\r\n\r\n' : ''}`);
}

if (eventTemplate.length !== EVENT_BYTES) throw new Error(`An event is ${eventTemplate.length} bytes`);

server.listen(0, '127.0.0.1', () => {
  answerCalls({ port: () => (server.address() as AddressInfo).port, counts: () => counts });
});
