import { GatewayError } from '../../errors/gateway-error.ts';
import { join, type Joined, resumes } from '../../pipeline/branch.ts';
import type { Context } from '../../pipeline/context.ts';
import { delivered } from '../../pipeline/delivered.ts';
import { Seam } from '../../routing/seam.ts';
import { ToldSoFar, withContent } from '../../routing/told-so-far.ts';
import { LazyJson } from '../../stream/lazy-json.ts';
import type { Batch, StreamReply } from '../../types/call.ts';
import type { Continues } from '../../types/continues.ts';
import type { Json, JsonObject } from '../../types/json.ts';

/** An answer on a branch of its own, which is not paid for yet. */
export type Answered = { readonly branch: Context; readonly reply: StreamReply };

/** One that goes on with another. */
export type Continuation = Answered & { readonly continues: Continues };

/** Asks for an answer that goes on from `told`; nothing where nobody can give one. */
export type GoOn = (ctx: Context, told: string, error: GatewayError) => Promise<Continuation | undefined>;

const MOST_RESUMES = 2;

/** A stream with which another answer goes on when it breaks off in the middle. What it went on with is marked. */
export function resumed(ctx: Context, { branch, reply }: Answered, goOn: GoOn): AsyncIterable<Batch> {
  // Before anybody reads: who never does has to be told what it has cost all the same.
  return parts(ctx, reply.batches, join(ctx, branch), goOn);
}

async function* parts(ctx: Context, first: AsyncIterable<Batch>, firstJoined: Joined, goOn: GoOn): AsyncGenerator<Batch> {
  const told = new ToldSoFar();
  let [batches, joined] = [first, firstJoined];
  for (let count = 0; ; count += 1) {
    try {
      for await (const batch of batches) {
        joined.follow();
        told.note(batch);
        yield batch;
      }
      return;
    } catch (error) {
      if (!isBreak(ctx, error) || !told.canGoOn || count >= MOST_RESUMES) throw error;
      await joined.end({ status: 'error', error });
      const next = await goOn(ctx, told.text, error);
      if (!next) throw error;
      ctx.set(resumes, count + 1);
      joined = joinNext(ctx, next);
      batches = seamless(ctx, next, told, joined, error);
    }
  }
}

function isBreak(ctx: Context, error: unknown): error is GatewayError {
  return GatewayError.is(error) && error.retryable && !ctx.controller.isAborted;
}

/** What was delivered before is delivered still. */
function joinNext(ctx: Context, { branch }: Answered): Joined {
  const before = ctx.get(delivered)?.tokens ?? 0;
  const joined = join(ctx, branch, ctx.usage);
  const meter = ctx.get(delivered);
  ctx.set(delivered, {
    get tokens() {
      return before + (meter?.tokens ?? 0);
    },
  });
  return joined;
}

/** The second answer as the rest of the first: under its name, without what was told, and with the usage of both. */
async function* seamless(
  ctx: Context,
  { reply, branch, continues }: Continuation,
  told: ToldSoFar,
  joined: Joined,
  error: GatewayError,
): AsyncGenerator<Batch> {
  const seam = new Seam(told.text, continues);
  const { id, created } = told;
  let mark: JsonObject | undefined = { resumed: { after: error.code, model_id: branch.deployment?.id } };
  for await (const { events } of reply.batches) {
    joined.follow();
    yield { events: events.map(toRest) };
  }

  function toRest(event: Json<JsonObject>): Json<JsonObject> {
    // What was kept as a likely repetition comes with the end, at the latest.
    const isLast = isFinish(event.value);
    const chunk = withContent(event.value, (content = '') => `${seam.take(content)}${isLast ? seam.rest() : ''}`);
    const value = { ...chunk, ...(id !== undefined && { id }), ...(created !== undefined && { created }), ...(mark && { sluice: mark }) };
    mark = undefined;
    return LazyJson.ofValue(isUsage(value) ? { ...value, usage: { ...value.usage, ...usageOf(ctx) } } : value);
  }
}

type Finish = { readonly finish_reason?: unknown } | null;

function isFinish({ choices }: JsonObject): boolean {
  return Array.isArray(choices) && (choices as readonly Finish[]).some((choice) => choice?.finish_reason !== null && choice?.finish_reason !== undefined);
}

function isUsage(value: JsonObject): value is JsonObject & { usage: JsonObject } {
  return typeof value.usage === 'object' && value.usage !== null;
}

function usageOf({ usage }: Context): JsonObject {
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}
