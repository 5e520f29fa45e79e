import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { lineJudge } from '../pipeline/judged-lines.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Store } from '../store/store.ts';
import type { CompleteReply, Reply } from '../types/call.ts';
import type { Upload } from '../types/upload.ts';
import type { JsonObject } from '../types/json.ts';
import type { Deployment } from '../types/model.ts';
import { bodyOf, idOf } from './answers.ts';
import type { BatchBook } from './batch-book.ts';
import { type BatchLines, modelInLines } from './batch-lines.ts';
import { batchInput, type BatchInputOptions } from './batch-input.ts';
import { isKept, KeptInputs } from './kept-inputs.ts';
import type { InnerCalls } from './inner-call.ts';
import { listObjects } from './list-objects.ts';
import type { ObjectIds, ObjectRef } from './object-ids.ts';
import type { ObjectIndex } from './object-index.ts';
import { CHOOSING_FIELDS, objectRef, ownerOf } from './place-call.ts';

export type FileCallsOptions = InnerCalls &
  BatchInputOptions & {
    readonly book: BatchBook;
    readonly ids: ObjectIds;
    readonly index: ObjectIndex;
    readonly store: Store;
  };

/**
 * Calls about files and batches, at the deployment that the router picked: ids of the provider's go out as ids of ours,
 * what a key makes is remembered for its lists, and a batch that has ended is charged.
 */
export function fileCalls(options: FileCallsOptions): Handler {
  const { call, book, ids, index, mappingOf } = options;
  const kept = new KeptInputs(options.store);

  async function createFile(ctx: Context): Promise<Reply> {
    const { upload, deployment } = ctx;
    if (!upload || !deployment) throw new GatewayError('invalid_request', 'The form has no file');
    const owner = ownerOf(ctx);
    const place = await index.nextPlace('file', owner);
    const judge = ctx.get(lineJudge);
    const input = batchInput(ctx, deployment, options);
    const isToBeKept = upload.fileHead && modelInLines(upload.fileHead) !== undefined && mappingOf(deployment, 'batches.create')?.takesLines === true;
    const file = isToBeKept ? await kept.keep(upload, input.lines, owner, place) : await sending(ctx, rewritten(upload, input.lines), call);
    const ref = {
      ...refOf(ctx, deployment, file),
      place,
      ...(input.lines.isBatch && { boundNanoUsd: input.boundNanoUsd, ...(judge && { judgedBy: judge.names }) }),
    };
    const value = { ...file, id: ids.write('file', owner, ref) };
    await index.remember('file', owner, { place, value });
    return complete(value);
  }

  async function showFile(ctx: Context): Promise<Reply> {
    const [owner, ref] = [ownerOf(ctx), theRef(ctx)];
    if (!isKept(ref)) return complete({ ...bodyOf(await call(ctx)), id: ids.write('file', owner, ref) });
    const found = await index.find('file', owner, ref.place ?? 0);
    if (!found) throw new GatewayError('object_not_found', 'The input is no longer kept: upload it again', { param: 'id' });
    return complete(found.value);
  }

  async function readFile(ctx: Context): Promise<Reply> {
    const ref = theRef(ctx);
    if (!isKept(ref)) return call(ctx);
    return { kind: 'bytes', contentType: 'application/octet-stream', chunks: oneChunk(await kept.read(ownerOf(ctx), ref)) };
  }

  async function deleteFile(ctx: Context): Promise<Reply> {
    const [owner, ref] = [ownerOf(ctx), theRef(ctx)];
    if (isKept(ref)) await kept.forget(owner, ref);
    const answer = isKept(ref) ? { object: 'file', deleted: true } : bodyOf(await call(ctx));
    if (ref.place !== undefined) await index.forget('file', owner, ref.place);
    return complete({ ...answer, id: ids.write('file', owner, ref) });
  }

  async function beginBatch(ctx: Context): Promise<Reply> {
    const ref = theRef(ctx);
    if (isKept(ref)) {
      const lines = (await kept.read(ownerOf(ctx), ref)).split('\n').filter((line) => line !== '');
      ctx.request = { ...ctx.request, lines: lines.map((line) => JSON.parse(line) as JsonObject) };
    }
    return complete(await book.open(ctx, ref, () => call(ctx)));
  }

  return async (ctx) => {
    switch (ctx.operation) {
      case 'files.create':
        return createFile(ctx);
      case 'files.get':
        return showFile(ctx);
      case 'files.content':
        return readFile(ctx);
      case 'files.delete':
        return deleteFile(ctx);
      case 'batches.create':
        return beginBatch(ctx);
      case 'batches.get':
      case 'batches.cancel':
        return complete(await book.show(ctx, theRef(ctx), bodyOf(await call(ctx))));
      case 'files.list':
      case 'batches.list':
        return complete(await listObjects(ctx, { ids, index, refresh: (batch) => book.refresh(ctx, batch) }));
      default:
        return call(ctx);
    }
  };
}

function theRef(ctx: Context): ObjectRef {
  const ref = ctx.get(objectRef);
  if (!ref) throw new GatewayError('internal', 'A call about a file has no place');
  return ref;
}

function refOf({ group = '' }: Context, { id }: Deployment, object: JsonObject): ObjectRef {
  return { deployment: id, model: group, upstreamId: idOf(object) };
}

/** The form without the words that chose where it goes, and with the lines of a batch as the provider takes them. */
function rewritten(upload: Upload, lines: BatchLines): Upload {
  const known = CHOOSING_FIELDS.filter((name) => Object.hasOwn(upload.fields, name));
  return {
    contentType: upload.contentType,
    fields: upload.fields,
    get isReplayable() {
      return upload.isReplayable;
    },
    body: (replace, rules) =>
      upload.body(replace, {
        without: [...known, ...(rules?.without ?? [])],
        // One that comes behind a long file comes too late to be heeded.
        mayPass: (part) => !isChoosing(part.name) && (rules?.mayPass?.(part) ?? true),
        rewriteFile: lines,
      }),
    whole: () => upload.whole(),
  };
}

function isChoosing(name: string): boolean {
  return CHOOSING_FIELDS.some((field) => field === name);
}

async function* oneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** The call with another form in place of the caller's, which a further try finds as it was. */
async function sending(ctx: Context, form: Upload, call: Handler): Promise<JsonObject> {
  const { upload } = ctx;
  ctx.upload = form;
  try {
    return bodyOf(await call(ctx));
  } finally {
    ctx.upload = upload;
  }
}

function complete(value: JsonObject): CompleteReply {
  return { kind: 'complete', body: LazyJson.ofValue(value) };
}
