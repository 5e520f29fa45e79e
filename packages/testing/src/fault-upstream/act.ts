import type { Socket } from 'node:net';
import type { Fault, Framing } from './fault.ts';
import { type Answer, chatBody, chatEvents, toBytes } from './raw-answer.ts';
import type { ReadRequest } from './request-reader.ts';

const SSE = { 'content-type': 'text/event-stream' };
const JSON_TYPE = { 'content-type': 'application/json' };

/** Does to `socket` what `fault` says. Faults that take their time end with the socket. */
export function act(socket: Socket, fault: Exclude<Fault, { kind: 'sequence' }>, request: ReadRequest): void {
  switch (fault.kind) {
    case 'none':
      return send(socket, answerTo(request, fault.framing));
    case 'cut':
      return cut(socket, toBytes(answerTo(request, fault.framing)).subarray(0, fault.at), fault.how);
    case 'silent':
      return;
    case 'stall':
      return void socket.write(toBytes(answerTo(request)).subarray(0, fault.at));
    case 'drip':
      return drip(socket, toBytes(answerTo(request)), fault.everyMs);
    case 'bad-chunk': {
      const bytes = toBytes({ headers: SSE, pieces: chatEvents().slice(0, 3) });
      return void socket.write(Buffer.concat([bytes.subarray(0, -5), Buffer.from('zz\r\nnonsense\r\n')]));
    }
    case 'huge-event':
      return send(socket, { headers: SSE, pieces: [...chatEvents().slice(0, 2), `data: {"x":"${'x'.repeat(fault.bytes)}`] });
    case 'garbage':
      return void socket.end('SSH-2.0-OpenSSH_9.6\r\n');
    case 'no-json':
      return send(socket, { headers: SSE, pieces: ['data: <html>not what you asked for</html>\n\n', 'data: [DONE]\n\n'] });
    case 'wrong-length': {
      const body = chatBody();
      const length = String(Buffer.byteLength(body) + fault.by);
      return void socket.end(toBytes({ headers: { ...JSON_TYPE, 'content-length': length }, pieces: [body], framing: 'length' }));
    }
    case 'status':
      return send(socket, {
        status: fault.status,
        headers: { ...JSON_TYPE, ...fault.headers },
        pieces: [fault.body ?? refusal(fault.status)],
        framing: 'length',
      });
    case 'error-event':
      return send(socket, { headers: SSE, pieces: [`data: ${JSON.stringify({ error: { message: fault.message, type: 'server_error', code: 503 } })}\n\n`] });
  }
}

/** The bytes of a faultless answer to a streaming chat request, to know where they may be cut. */
export function faultlessStream(framing?: Framing): Buffer {
  return toBytes({ headers: SSE, pieces: chatEvents(), ...(framing && { framing }) });
}

function answerTo({ body }: ReadRequest, framing?: Framing): Answer {
  const isStream = /"stream"\s*:\s*true/.test(body.toString('latin1'));
  const answer = isStream ? { headers: SSE, pieces: chatEvents() } : { headers: JSON_TYPE, pieces: [chatBody()] };
  return { ...answer, ...(framing && { framing }) };
}

function send(socket: Socket, answer: Answer): void {
  socket.write(toBytes(answer));
  if (answer.framing === 'until-close') socket.end();
}

function cut(socket: Socket, bytes: Buffer, how: 'fin' | 'rst'): void {
  if (how === 'fin') return void socket.end(bytes);
  // What is still on its way when the connection is reset may be lost; that is the point.
  socket.write(bytes, () => socket.resetAndDestroy());
}

function drip(socket: Socket, bytes: Buffer, everyMs: number): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at === bytes.length) clearInterval(timer);
    else socket.write(bytes.subarray(at, ++at));
  }, everyMs);
  socket.once('close', () => clearInterval(timer));
}

function refusal(status: number): string {
  return JSON.stringify({ error: { message: `Refused with ${status}`, type: 'server_error', param: null, code: null } });
}
