import type { FilePiece, UploadedFile } from '../types/call.ts';
import { malformed, readFileHeaders } from './multipart-headers.ts';
import type { FormEvent } from './multipart-scanner.ts';

const NOTHING = new Uint8Array();

/**
 * The files among the parts that `scan` comes upon; of the other parts only those that were read before may be there.
 * @throws GatewayError `invalid_request`
 */
export async function* filesIn(scan: () => Promise<readonly FormEvent[] | undefined>, fields: Readonly<Record<string, string>>): AsyncGenerator<FilePiece> {
  let file: UploadedFile | undefined;
  for (let events = await scan(); events; events = await scan()) {
    for (const event of events) {
      if (event.kind === 'part') {
        if (!event.isFile && !Object.hasOwn(fields, event.name)) throw malformed(`its part '${event.name.slice(0, 40)}' may not stand behind a file`);
        file = event.isFile ? toFile(event) : undefined;
        if (file) yield { file, bytes: NOTHING };
      } else if (event.kind === 'data' && file) yield { file, bytes: event.bytes };
    }
  }
}

function toFile({ name, header }: Extract<FormEvent, { readonly kind: 'part' }>): UploadedFile {
  const { fileName, contentType = 'application/octet-stream' } = readFileHeaders(Buffer.from(header, 'latin1').toString('utf8'));
  return { field: name, fileName, contentType: contentType.replaceAll(/[\r\n]/g, ' ') };
}
