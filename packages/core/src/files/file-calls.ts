import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { CompleteReply, Reply } from '../types/call.ts';
import type { JsonObject } from '../types/json.ts';
import type { Deployment } from '../types/model.ts';
import { bodyOf, idOf } from './answers.ts';
import { BatchBook, type BatchBookOptions } from './batch-book.ts';
import { batchInput, type BatchInputOptions } from './batch-input.ts';
import { listObjects } from './list-objects.ts';
import type { ObjectRef } from './object-ids.ts';
import { CHOOSING_FIELDS, objectRef, ownerOf } from './place-call.ts';

export type FileCallsOptions = BatchBookOptions & BatchInputOptions;

/**
 * Calls about files and batches, at the deployment that the router picked: ids of the provider's go out as ids of ours,
 * what a key makes is remembered for its lists, and a batch that has ended is charged.
 */
export function fileCalls(options: FileCallsOptions): Handler {
  const { call, ids, index } = options;
  const book = new BatchBook(options);

  async function createFile(ctx: Context): Promise<Reply> {
    const { upload, deployment } = ctx;
    if (!upload || !deployment) throw new GatewayError('invalid_request', 'The form has no file');
    const owner = ownerOf(ctx);
    const place = await index.nextPlace('file', owner);
    const input = batchInput(ctx, deployment, options);
    const file = await sending(
      ctx,
      {
        ...upload,
        body: (replace, rules) => upload.body(replace, { ...rules, without: CHOOSING_FIELDS, rewriteFile: input.lines }),
        get isReplayable() {
          return upload.isReplayable;
        },
      },
      call,
    );
    const ref = { ...refOf(ctx, deployment, file), place, ...(input.lines.isBatch && { boundNanoUsd: input.boundNanoUsd }) };
    const value = { ...file, id: ids.write('file', owner, ref) };
    await index.remember('file', owner, { place, value });
    return complete(value);
  }

  async function showFile(ctx: Context): Promise<Reply> {
    const file = bodyOf(await call(ctx));
    return complete({ ...file, id: ids.write('file', ownerOf(ctx), theRef(ctx)) });
  }

  async function deleteFile(ctx: Context): Promise<Reply> {
    const reply = await showFile(ctx);
    const { place } = theRef(ctx);
    if (place !== undefined) await index.forget('file', ownerOf(ctx), place);
    return reply;
  }

  return async (ctx) => {
    switch (ctx.operation) {
      case 'files.create':
        return createFile(ctx);
      case 'files.get':
        return showFile(ctx);
      case 'files.delete':
        return deleteFile(ctx);
      case 'batches.create':
        return complete(await book.open(ctx, theRef(ctx), () => call(ctx)));
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

/** The call with another form in place of the caller's, which a further try finds as it was. */
async function sending(ctx: Context, form: NonNullable<Context['upload']>, call: Handler): Promise<JsonObject> {
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
