import { GatewayError } from '../errors/gateway-error.ts';
import { toBuffer } from '../stream/carry.ts';
import type { FileRewriter } from '../types/upload.ts';
import type { JsonObject, MaybePromise } from '../types/json.ts';

/** One request of a batch, as OpenAI writes it. https://platform.openai.com/docs/api-reference/batch/request-input */
export type BatchLine = { readonly custom_id: string; readonly method?: string; readonly url: string; readonly body: JsonObject & { readonly model: string } };

/** Puts a line as the provider takes it in the place of the caller's. `number` counts from one. */
export type LineMapper = (line: BatchLine, number: number) => MaybePromise<string>;

const LF = 10;
const LONGEST_LINE = 16 * 1024 * 1024;
/** Lines that guardrails judge at the same time. */
const AT_ONCE = 8;
const NOTHING = Buffer.alloc(0);
/** White space, and the bytes of a byte order mark. */
const BLANK: ReadonlySet<number> = new Set([0x20, 0x09, 0x0d, LF, 0xef, 0xbb, 0xbf]);
const OPENING = '{'.charCodeAt(0);

/**
 * Rewrites a file line by line where its first line is a request of a batch, and leaves every other file as it is.
 * @throws GatewayError `invalid_request` naming the line.
 */
export class BatchLines implements FileRewriter {
  readonly #toLine: LineMapper;
  #kind: 'unknown' | 'batch' | 'other' = 'unknown';
  #pieces: Buffer[] = [];
  #size = 0;
  /** The first byte that is not blank. */
  #first: number | undefined;
  #number = 0;

  constructor(toLine: LineMapper) {
    this.#toLine = toLine;
  }

  get isBatch(): boolean {
    return this.#kind === 'batch';
  }

  async push(chunk: Uint8Array): Promise<Buffer> {
    const bytes = toBuffer(chunk);
    if (this.#kind === 'other') return bytes;
    this.#first ??= bytes.find((byte) => !BLANK.has(byte));
    const end = bytes.lastIndexOf(LF) + 1;
    this.#keep(end === 0 ? bytes : bytes.subarray(0, end));
    if (end === 0) this.#requireShort();
    if (end === 0) return this.#kind === 'unknown' && !this.#mayBeBatch() ? this.#letGo() : NOTHING;
    const lines = await this.#rewrite(this.#take());
    if (this.isBatch) this.#keep(bytes.subarray(end));
    this.#requireShort();
    return this.isBatch ? lines : Buffer.concat([lines, bytes.subarray(end)]);
  }

  async end(): Promise<Buffer> {
    return this.#kind === 'other' || this.#size === 0 ? NOTHING : await this.#rewrite(this.#take());
  }

  async #rewrite(bytes: Buffer): Promise<Buffer> {
    const texts = bytes
      .toString('utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((text) => text !== '');
    const [first] = texts;
    if (first === undefined) return this.isBatch ? NOTHING : bytes;
    if (this.#kind === 'unknown') this.#kind = modelOf(first) === undefined ? 'other' : 'batch';
    if (this.#kind === 'other') return bytes;
    const written: string[] = [];
    for (let at = 0; at < texts.length; at += AT_ONCE)
      written.push(...(await Promise.all(texts.slice(at, at + AT_ONCE).map(async (text) => this.#toLine(this.#read(text), this.#number)))));
    return Buffer.from(written.map((line) => `${line}\n`).join(''));
  }

  #read(text: string): BatchLine {
    this.#number += 1;
    const line = parse(text);
    if (line === undefined) throw new GatewayError('invalid_request', `Line ${this.#number} of the file is no request of a batch, as those before it are`);
    return line;
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#size += bytes.length;
  }

  #requireShort(): void {
    if (this.isBatch && this.#size > LONGEST_LINE)
      throw new GatewayError('invalid_request', `Line ${this.#number + 1} of the file is over ${LONGEST_LINE} bytes`);
  }

  /** What does not begin as JSON does, or has no end of a line for long, is not held back any more. */
  #mayBeBatch(): boolean {
    return this.#size <= LONGEST_LINE && (this.#first ?? OPENING) === OPENING;
  }

  #letGo(): Buffer {
    this.#kind = 'other';
    return this.#take();
  }

  #take(): Buffer {
    const bytes = Buffer.concat(this.#pieces);
    [this.#pieces, this.#size] = [[], 0];
    return bytes;
  }
}

/** The model that the first line of a file names, where it is a request of a batch. */
export function modelInLines(head: Uint8Array): string | undefined {
  const text = toBuffer(head).toString('utf8');
  const first = text.split('\n').find((line) => line.trim() !== '');
  return first === undefined ? undefined : modelOf(first.trim());
}

function modelOf(text: string): string | undefined {
  return parse(text)?.body.model;
}

function parse(text: string): BatchLine | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const line = JSON.parse(text) as Partial<BatchLine>;
    const { custom_id: id, url, body } = line;
    const isRequest = typeof id === 'string' && typeof url === 'string' && body !== null && typeof body === 'object' && typeof body.model === 'string';
    return isRequest ? (line as BatchLine) : undefined;
  } catch {
    return undefined;
  }
}
