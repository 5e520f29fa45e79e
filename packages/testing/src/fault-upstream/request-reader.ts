/** A request as far as it has come. */
export type ReadRequest = { readonly method: string; readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };

/** Reads the requests of one connection from its bytes: bodies with a length, or in chunks. */
export class RequestReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** The requests that are complete with these bytes. */
  push(chunk: Buffer): ReadRequest[] {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const requests: ReadRequest[] = [];
    for (let request = this.#take(); request; request = this.#take()) requests.push(request);
    return requests;
  }

  #take(): ReadRequest | undefined {
    const headEnd = this.#bytes.indexOf('\r\n\r\n');
    if (headEnd < 0) return undefined;
    const [start = '', ...lines] = this.#bytes.toString('latin1', 0, headEnd).split('\r\n');
    const [method = '', path = ''] = start.split(' ');
    const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
    const rest = this.#bytes.subarray(headEnd + 4);
    const read = headers['transfer-encoding'] === 'chunked' ? readChunks(rest) : readLength(rest, Number(headers['content-length'] ?? 0));
    if (!read) return undefined;
    this.#bytes = rest.subarray(read.end);
    return { method, path, headers, body: read.body };
  }
}

type ReadBody = { readonly body: Buffer; readonly end: number };

function readLength(bytes: Buffer, length: number): ReadBody | undefined {
  return bytes.length < length ? undefined : { body: bytes.subarray(0, length), end: length };
}

function readChunks(bytes: Buffer): ReadBody | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + length + 2;
    if (bytes.length < end) return undefined;
    if (length === 0) return { body: Buffer.concat(chunks), end };
    chunks.push(bytes.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}
