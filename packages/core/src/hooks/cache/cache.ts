import type { Context } from '../../pipeline/context.ts';
import type { Hook } from '../../pipeline/hook.ts';
import type { Store } from '../../store/store.ts';
import { deadline } from '../../stream/deadline.ts';
import { mapBatches } from '../../stream/map-batches.ts';
import type { CompleteReply, Operation, Reply, StreamReply } from '../../types/call.ts';
import { type CacheControls, cacheControls } from './cache-controls.ts';
import { type EntryHead, readHead, toLine, toReply, writeEntry } from './cache-entry.ts';
import { cacheKey } from './cache-key.ts';

const MIB = 1024 * 1024;
const DEFAULT_OPERATIONS: readonly Operation[] = ['chat', 'completions', 'embeddings', 'moderations'];

export type CacheOptions = {
  readonly store: Store;
  /** How long an answer is kept. Default one hour. */
  readonly ttlMs?: number | undefined;
  /** Longer answers are not kept. Default 1 MiB. */
  readonly maxEntryBytes?: number | undefined;
  /** Default: chat, completions, embeddings and moderations. */
  readonly operations?: readonly string[] | undefined;
  /** Longest wait for a store that is not in this process, in milliseconds. Default 250. */
  readonly storeTimeoutMs?: number;
  readonly onError: (error: unknown) => void;
};

/**
 * Answers again what the same tenant has asked in exactly the same words. A hit costs nothing and is judged
 * by the guardrails outside like any other answer. Only answers that were delivered to their regular end are
 * kept. A store that fails makes the call a miss.
 */
export function cache(options: CacheOptions): Hook {
  const { store, ttlMs = 3_600_000, maxEntryBytes = MIB, operations = DEFAULT_OPERATIONS, storeTimeoutMs = 250, onError } = options;
  const cached = new Set<string>(operations);

  /** A request nested too deep to be written down is not cached; whether it is answered is for others to say. */
  function keyOf(ctx: Context, { namespace }: CacheControls): string | undefined {
    try {
      return cacheKey(ctx, namespace);
    } catch (error) {
      onError(error);
      return undefined;
    }
  }

  async function read(key: string, controls: CacheControls): Promise<{ readonly entry: string; readonly head: EntryHead } | undefined> {
    try {
      const entry = await deadline(store.get(key), storeTimeoutMs, () => new Error(`The cache's store did not answer within ${storeTimeoutMs} ms`));
      if (entry === undefined) return undefined;
      const head = readHead(entry);
      return controls.maxAgeMs !== undefined && Date.now() - head.storedAt > controls.maxAgeMs ? undefined : { entry, head };
    } catch (error) {
      onError(error);
      return undefined;
    }
  }

  /** Keeps `lines` once the call has ended well. `isWhole` is asked then, because a stream may have been cut. */
  function keep(
    ctx: Context,
    key: string,
    kind: EntryHead['kind'],
    entry: { readonly lines: readonly string[]; readonly isWhole: () => boolean; readonly ttlMs: number },
  ): void {
    ctx.defer(async ({ status }) => {
      if (status !== 'ok' || !entry.isWhole()) return;
      const text = writeEntry({ version: 1, kind, storedAt: Date.now(), group: ctx.group, usage: ctx.usage }, entry.lines);
      if (Buffer.byteLength(text) <= maxEntryBytes)
        await deadline(store.set(key, text, { ttlMs: entry.ttlMs }), storeTimeoutMs, () => new Error('The cache could not store an answer in time'));
    });
  }

  function keepComplete(ctx: Context, key: string, reply: CompleteReply, entryTtlMs: number): void {
    keep(ctx, key, 'complete', { lines: [toLine(reply.body)], isWhole: () => !isError(reply), ttlMs: entryTtlMs });
  }

  function keepStream(ctx: Context, key: string, reply: StreamReply, entryTtlMs: number): StreamReply {
    const lines: string[] = [];
    let characters = 0;
    let hasEnded = false;
    keep(ctx, key, 'stream', { lines, isWhole: () => hasEnded && lines.length > 0 && characters <= maxEntryBytes, ttlMs: entryTtlMs });
    const batches = mapBatches(
      reply.batches,
      (batch) => {
        if (characters > maxEntryBytes) return batch;
        for (const event of batch.events) {
          const line = toLine(event);
          characters += line.length;
          lines.push(line);
        }
        if (characters > maxEntryBytes) lines.length = 0;
        return batch;
      },
      () => {
        hasEnded = true;
        return undefined;
      },
    );
    return { kind: 'stream', batches };
  }

  return {
    name: 'cache',
    phase: 'cache',
    async handle(ctx, next) {
      const controls = cacheControls(ctx);
      if (ctx.request.cache !== undefined) {
        const { cache: _said, ...request } = ctx.request;
        ctx.request = request;
      }
      if (!cached.has(ctx.operation) || ctx.upload || !(controls.mayRead || controls.mayWrite)) return next();

      const key = keyOf(ctx, controls);
      if (key === undefined) return next();
      if (controls.mayRead) {
        const found = await read(key, controls);
        if (found) return hit(ctx, found.head, toReply(found.entry, found.head));
        ctx.cacheStatus = 'miss';
      }
      const reply = await next();
      if (!controls.mayWrite || reply.kind === 'bytes') return reply;
      const entryTtlMs = controls.ttlMs ?? ttlMs;
      if (reply.kind === 'stream') return keepStream(ctx, key, reply, entryTtlMs);
      keepComplete(ctx, key, reply, entryTtlMs);
      return reply;
    },
  };
}

function hit(ctx: Context, head: EntryHead, reply: Reply): Reply {
  ctx.cacheStatus = 'hit';
  ctx.group = head.group;
  ctx.usage = head.usage;
  ctx.costNanoUsd = 0;
  ctx.firstByteAt = performance.now();
  return reply;
}

/** Some hosts report a failure with status 200. */
function isError({ body }: CompleteReply): boolean {
  return body.text.includes('"error"') && body.value.error !== undefined && body.value.error !== null;
}
