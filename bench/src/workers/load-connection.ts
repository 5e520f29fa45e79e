import { connect, type Socket } from 'node:net';
import { STAMP_DIGITS, STAMP_MARKER, readStamp } from '../chunk-format.ts';

const READ_BYTES = 64 * 1024;
const HEAD_END = '\r\n\r\n';
const CONTENT_LENGTH = /content-length: *(\d+)/i;
const LAST_FRAME = Buffer.from('0\r\n\r\n');
const STAMP_BYTES = STAMP_MARKER.length + STAMP_DIGITS;

/** What one connection tells of its answers. */
export type AnswerEvents = {
  /** Once an answer, at its end. */
  end(status: number): void;
  /** For each stamped event of a stream, as it is read; `micros` is 0 for events without a stamp. */
  chunk(micros: number): void;
  /** The connection is gone in the middle of an answer. */
  broken(reason: string): void;
};

/**
 * One keep-alive connection that knows just enough HTTP: the status, `content-length`, and the last frame of a
 * chunked body. Reads into one buffer of its own, so that the generator has no garbage to collect.
 */
export class LoadConnection {
  readonly #socket: Socket;
  readonly #events: AnswerEvents;
  readonly #buffer = Buffer.allocUnsafe(READ_BYTES);
  /** Unread bytes at the front of the buffer, kept because a head or a stamp was cut. */
  #kept = 0;
  #inBody = false;
  #status = 0;
  /** Bytes of the body still to come; undefined for a chunked one. */
  #left: number | undefined;
  #isClosing = false;

  constructor(port: number, events: AnswerEvents) {
    this.#events = events;
    const scratch = Buffer.allocUnsafe(READ_BYTES - 4096);
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: {
        buffer: scratch,
        callback: (size) => {
          scratch.copy(this.#buffer, this.#kept, 0, size);
          this.#read(this.#kept + size);
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => this.#break(error.message));
    this.#socket.on('close', () => this.#break('closed'));
  }

  send(request: Buffer): void {
    this.#socket.write(request);
  }

  close(): void {
    this.#isClosing = true;
    this.#socket.destroy();
  }

  #break(reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#socket.destroy();
    this.#events.broken(reason);
  }

  #read(size: number): void {
    let at = 0;
    this.#kept = 0;
    if (!this.#inBody) {
      const headEnd = this.#buffer.subarray(0, size).indexOf(HEAD_END);
      if (headEnd < 0) {
        this.#kept = size;
        return;
      }
      this.#readHead(this.#buffer.toString('latin1', 0, headEnd));
      at = headEnd + HEAD_END.length;
    }
    if (this.#left === undefined) this.#readStream(this.#buffer.subarray(at, size));
    else this.#readSized(size - at);
  }

  #readHead(head: string): void {
    this.#inBody = true;
    this.#status = Number(head.slice(9, 12));
    const length = CONTENT_LENGTH.exec(head)?.[1];
    this.#left = length === undefined ? undefined : Number(length);
  }

  #readSized(size: number): void {
    this.#left = (this.#left as number) - size;
    if (this.#left <= 0) this.#end();
  }

  #readStream(bytes: Buffer): void {
    let at = 0;
    for (let found = bytes.indexOf(STAMP_MARKER); found >= 0; found = bytes.indexOf(STAMP_MARKER, at)) {
      if (found + STAMP_BYTES > bytes.length) break;
      this.#events.chunk(readStamp(bytes, found + STAMP_MARKER.length));
      if (this.#isClosing) return;
      at = found + STAMP_BYTES;
    }
    if (bytes.subarray(-LAST_FRAME.length).equals(LAST_FRAME)) {
      this.#end();
      return;
    }
    const rest = bytes.subarray(Math.max(at, bytes.length - STAMP_BYTES + 1));
    rest.copy(this.#buffer);
    this.#kept = rest.length;
  }

  #end(): void {
    this.#inBody = false;
    this.#kept = 0;
    this.#events.end(this.#status);
  }
}
