import { GatewayError } from '../errors/gateway-error.ts';
import type { Store } from '../store/store.ts';
import type { FileRewriter, Upload } from '../types/upload.ts';
import type { JsonObject } from '../types/json.ts';
import type { BatchLines } from './batch-lines.ts';
import type { ObjectRef } from './object-ids.ts';

const PREFIX = 'kept:';
const MOST_BYTES = 32 * 1024 * 1024;
/** As long as OpenAI keeps them by default. */
const KEPT_MS = 30 * 86_400_000;

/**
 * Inputs of batches for providers that have no files to read them from, and take the requests themselves: kept in the
 * store, translated, until the batch is begun.
 */
export class KeptInputs {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws GatewayError `body_too_large`, and whatever `lines` refuses. */
  async keep(upload: Upload, lines: BatchLines, owner: string, place: number): Promise<JsonObject> {
    const text = await textOf(upload, lines);
    await this.#store.set(keyOf(owner, place), text, { ttlMs: KEPT_MS });
    return {
      id: `${PREFIX}${place}`,
      object: 'file',
      bytes: Buffer.byteLength(text),
      created_at: Math.floor(Date.now() / 1000),
      filename: 'batch.jsonl',
      purpose: upload.fields.purpose ?? 'batch',
      status: 'processed',
    };
  }

  /** @throws GatewayError `object_not_found` where the store has forgotten it. */
  async read(owner: string, ref: ObjectRef): Promise<string> {
    const text = await this.#store.get(keyOf(owner, placeOf(ref)));
    if (text !== undefined) return text;
    throw new GatewayError('object_not_found', 'The input is no longer kept: upload it again', { param: 'input_file_id' });
  }

  async forget(owner: string, ref: ObjectRef): Promise<void> {
    await this.#store.delete(keyOf(owner, placeOf(ref)));
  }
}

/** Whether the gateway itself keeps it. */
export function isKept({ upstreamId }: ObjectRef): boolean {
  return upstreamId.startsWith(PREFIX);
}

function placeOf({ upstreamId }: ObjectRef): number {
  return Number(upstreamId.slice(PREFIX.length));
}

function keyOf(owner: string, place: number): string {
  return `files:kept:${owner}:${place}`;
}

async function textOf(upload: Upload, lines: BatchLines): Promise<string> {
  const kept: Uint8Array[] = [];
  let size = 0;
  const keep = (bytes: Uint8Array): Uint8Array => {
    size += bytes.length;
    if (size > MOST_BYTES)
      throw new GatewayError('body_too_large', `The input of a batch for this provider may have ${MOST_BYTES} bytes: the gateway has to keep it`);
    kept.push(bytes);
    return bytes.subarray(0, 0);
  };
  const rewriteFile: FileRewriter = { push: async (bytes) => keep(await lines.push(bytes)), end: async () => keep(await lines.end()) };
  // What is left of the form is of no use; to read it is what fills `kept`.
  for await (const _ of upload.body({}, { rewriteFile }));
  return Buffer.concat(kept).toString('utf8');
}
