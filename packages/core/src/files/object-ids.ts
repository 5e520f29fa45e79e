import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { JsonObject } from '../types/json.ts';

export type ObjectKind = 'file' | 'batch';

/** What an id stands for: an object of a provider's, and how to get at it. */
export type ObjectRef = {
  /** Of the deployment that keeps it. */
  readonly deployment: string;
  /** The name by which that deployment was reached. */
  readonly model: string;
  readonly upstreamId: string;
  /** In the list of what its key has made. Absent for what a provider has made by itself, such as the output of a batch. */
  readonly place?: number;
  /** Of a file that was checked as the input of batches: what answering it may cost at most, in nano-dollars. */
  readonly boundNanoUsd?: number;
  /** Of such a file: the guardrails that have judged its requests. */
  readonly judgedBy?: readonly string[];
  /** Of a batch. */
  readonly batch?: BatchNote;
};

/** What has to be known of a batch until it is settled. */
export type BatchNote = {
  /** What of budgets is held for it, and since when, in milliseconds since the epoch. */
  readonly heldNanoUsd: number;
  readonly at: number;
  /** The id of its input, as the caller knows it, is made of these. */
  readonly inputUpstreamId: string;
  readonly inputPlace: number;
  readonly inputBoundNanoUsd: number;
  readonly inputJudgedBy?: readonly string[] | undefined;
  /** Among those that have not been seen to end. Absent where the store could not say. */
  readonly openPlace?: number | undefined;
};

const PREFIX: Readonly<Record<ObjectKind, string>> = { file: 'file-', batch: 'batch_' };
const TAG_BYTES = 16;
const LONGEST_ID = 4096;

/**
 * Ids that carry where their object is kept, under a seal that only the key they were made for can open: an id of
 * another key, one that was made up and one of a provider's own are all the same here, none.
 */
export class ObjectIds {
  readonly #keys: readonly Buffer[];

  /** Ids are sealed with the first secret and opened with any. Without one, they are good for as long as this process lives. */
  constructor(...secrets: readonly string[]) {
    this.#keys = secrets.length === 0 ? [randomBytes(32)] : secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'sluice object ids', 32)));
  }

  /** The same for the same object, whenever it is asked for. */
  write(kind: ObjectKind, owner: string, ref: ObjectRef): string {
    const payload = Buffer.from(JSON.stringify(toWire(ref)));
    return `${PREFIX[kind]}${Buffer.concat([tagBy(this.#keys[0] as Buffer, kind, owner, payload), payload]).toString('base64url')}`;
  }

  read(kind: ObjectKind, owner: string, id: string): ObjectRef | undefined {
    if (!id.startsWith(PREFIX[kind]) || id.length > LONGEST_ID) return undefined;
    const bytes = Buffer.from(id.slice(PREFIX[kind].length), 'base64url');
    const [tag, payload] = [bytes.subarray(0, TAG_BYTES), bytes.subarray(TAG_BYTES)];
    if (payload.length === 0 || !this.#keys.some((key) => timingSafeEqual(tag, tagBy(key, kind, owner, payload)))) return undefined;
    return ofWire(JSON.parse(payload.toString('utf8')) as WireRef);
  }
}

function tagBy(key: Buffer, kind: ObjectKind, owner: string, payload: Buffer): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([kind, owner]))
    .update(payload)
    .digest()
    .subarray(0, TAG_BYTES);
}

/** Short names: an id is long enough. */
type WireRef = {
  readonly d: string;
  readonly m: string;
  readonly u: string;
  readonly p?: number;
  readonly c?: number;
  readonly j?: readonly string[];
  readonly b?: JsonObject;
};

function toWire({ deployment, model, upstreamId, place, boundNanoUsd, judgedBy, batch }: ObjectRef): WireRef {
  return {
    d: deployment,
    m: model,
    u: upstreamId,
    ...(place !== undefined && { p: place }),
    ...(boundNanoUsd !== undefined && { c: boundNanoUsd }),
    ...(judgedBy && { j: judgedBy }),
    ...(batch && { b: batch }),
  };
}

function ofWire({ d, m, u, p, c, j, b }: WireRef): ObjectRef {
  return {
    deployment: d,
    model: m,
    upstreamId: u,
    ...(p !== undefined && { place: p }),
    ...(c !== undefined && { boundNanoUsd: c }),
    ...(j && { judgedBy: j }),
    ...(b && { batch: b as BatchNote }),
  };
}
