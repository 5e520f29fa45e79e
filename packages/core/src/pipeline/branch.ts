import { addedUsage } from '../pricing/added-usage.ts';
import { costOf } from '../pricing/cost.ts';
import { estimateTokens } from '../pricing/estimate.ts';
import { abandon } from '../stream/abandon.ts';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import { mapBatches } from '../stream/map-batches.ts';
import type { Outcome, Reply } from '../types/call.ts';
import type { Usage } from '../types/usage.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { Beside } from '../types/record.ts';
import { type Context, contextKey } from './context.ts';
import { delivered } from './delivered.ts';
import { isFree } from './operations.ts';

/** What was asked for beside the answer that was given. */
export const beside = contextKey<Beside>('beside');

/** How often a stream that broke off was gone on with by another answer. */
export const resumes = contextKey<number>('resumes');

/** A branch of a call, which ends when the call does. */
export function openBranch(ctx: Context, request?: ModelRequest): Context {
  const controller = new LazyAbortController();
  const branch = ctx.branch(controller, request);
  const end = (): void => controller.abort(ctx.controller.reason);
  ctx.controller.onAbort(end);
  branch.defer(() => ctx.controller.offAbort(end));
  if (ctx.controller.isAborted) end();
  return branch;
}

/** A branch that its call goes by: what it uses and costs is the call's. */
export type Joined = {
  /** Brings the books of the call up to date. */
  follow(): void;
  /** Runs the deferred work of the branch. Comes of itself with the end of the call. */
  end(outcome: Outcome): Promise<void>;
};

/** Makes what is known of a branch known of its call, with all that it comes to cost. Its usage is added to `before`. */
export function join(ctx: Context, branch: Context, before?: Usage): Joined {
  ctx.group = branch.group;
  ctx.deployment = branch.deployment;
  ctx.retries += branch.retries;
  ctx.fallbacks += branch.fallbacks;
  ctx.upstreamMs += branch.upstreamMs;
  ctx.firstByteAt ??= branch.firstByteAt;
  const meter = branch.get(delivered);
  if (meter) ctx.set(delivered, meter);
  const pay = payer(ctx, branch);
  const follow = (): void => {
    pay();
    ctx.usage = branch.usage && before ? addedUsage(before, branch.usage) : (branch.usage ?? ctx.usage);
  };
  let isOver = false;
  const end = async (outcome: Outcome): Promise<void> => {
    if (isOver) return;
    isOver = true;
    try {
      await settled(branch, outcome);
    } finally {
      follow();
    }
  };
  ctx.defer(end);
  follow();
  return { follow, end };
}

/** Makes the answer of a branch that of its call. */
export function adopt(ctx: Context, branch: Context, reply: Reply): Reply {
  const { follow } = join(ctx, branch);
  if (reply.kind !== 'stream') return reply;
  return {
    kind: 'stream',
    batches: mapBatches(reply.batches, (batch) => {
      follow();
      return batch;
    }),
  };
}

/**
 * Lets go of a branch whose answer nobody gets, and has its call pay for it: what was reported, else what came of it,
 * and no less than its input, which its provider has read and may bill although nobody waits any longer.
 */
export async function drop(ctx: Context, branch: Context, answer: Promise<Reply>, hasFailed: boolean): Promise<void> {
  branch.abort();
  const ended = answer.then(letGo, (error: unknown): Outcome => ({ status: 'error', error }));
  const failed = await (hasFailed ? ended : Promise.race([ended, goodbye()]));
  try {
    await settled(branch, hasFailed ? failed : { status: 'aborted' });
  } finally {
    if (!hasFailed) payForInput(branch);
    payer(ctx, branch)();
    const { asked, costNanoUsd } = ctx.get(beside) ?? { asked: 0, costNanoUsd: 0 };
    ctx.set(beside, { asked: asked + 1, costNanoUsd: costNanoUsd + (branch.costNanoUsd ?? 0) });
  }
}

/** @throws what failed in its deferred work */
async function settled(branch: Context, outcome: Outcome): Promise<void> {
  const failures: unknown[] = [];
  await branch.settle(outcome, (error) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** Who does not hear that nobody waits any more keeps the call from ending no longer than this. */
const LONGEST_GOODBYE_MS = 1000;

function goodbye(): Promise<Outcome> {
  return new Promise((resolve) => setTimeout(resolve, LONGEST_GOODBYE_MS, { status: 'aborted' }).unref());
}

function letGo(reply: Reply): Outcome {
  if (reply.kind === 'stream') abandon(reply.batches[Symbol.asyncIterator]());
  if (reply.kind === 'bytes') abandon(reply.chunks[Symbol.asyncIterator]());
  return { status: 'ok' };
}

function payForInput(branch: Context): void {
  const { deployment, operation, request } = branch;
  if (!deployment?.price || isFree(operation)) return;
  const read = costOf({ inputTokens: estimateTokens(request), outputTokens: 0 }, deployment.price);
  branch.costNanoUsd = Math.max(branch.costNanoUsd ?? 0, read);
}

/** Charges a call with what its branch has come to cost since the last time. */
function payer(ctx: Context, branch: Context): () => void {
  let paid = 0;
  return () => {
    const { costNanoUsd: cost } = branch;
    if (cost === undefined) return;
    ctx.costNanoUsd = (ctx.costNanoUsd ?? 0) + cost - paid;
    paid = cost;
  };
}
