import type { Context } from '../../pipeline/context.ts';
import type { Next } from '../../pipeline/hook.ts';
import type { GroupTries } from '../../routing/group-tries.ts';
import type { Hedging } from '../../routing/hedging.ts';
import { judged } from '../../routing/judged-answer.ts';
import { measured } from '../../routing/measured.ts';
import type { OpenOptions, Routing } from '../../routing/routing.ts';
import { isPromise } from '../../stream/maybe-promise.ts';
import { sleep } from '../../stream/sleep.ts';
import type { Reply } from '../../types/call.ts';
import type { Deployment } from '../../types/model.ts';
import type { ModelGroup } from '../../types/model-group.ts';
import type { RoutedCall } from '../../types/strategy.ts';
import { isOpen, isReplayable } from './is-open.ts';
import { Race } from './race.ts';
import { takeAnother } from './take-another.ts';

/** All tries of a call within one group. @throws what the last of them has failed with */
export type TryGroup = (ctx: Context, group: ModelGroup, next: Next, given: OpenOptions) => Promise<Reply>;

export function groupTrier(routing: Routing): TryGroup {
  const { book } = routing;

  async function tryGroup(ctx: Context, group: ModelGroup, next: Next, given: OpenOptions): Promise<Reply> {
    ctx.group = group.name;
    const tries = routing.open(ctx, group, given);
    const together = tries.together();
    if (together.length > 1) return askAll(ctx, together, next, tries);
    const first = tries.first();
    let deployment = isPromise(first) ? await first : first;
    for (;;) {
      try {
        const reply = await (tries.hedging ? hedged(ctx, deployment, next, tries, tries.hedging) : tryOnce(ctx, deployment, next, tries));
        return tries.accepts ? await escalated(ctx, deployment, reply, next, tries) : reply;
      } catch (error) {
        if (!isOpen(ctx, error)) throw error;
        const again = await tries.next(deployment, error);
        if (!again) throw error;
        if (again.waitMs > 0) await sleep(again.waitMs, ctx.controller);
        ctx.retries += 1;
        deployment = again.deployment;
      }
    }
  }

  async function tryOnce(ctx: Context, deployment: Deployment, next: Next, tries: GroupTries): Promise<Reply> {
    ctx.deployment = deployment;
    book.breaker(deployment)?.begin();
    const load = tries.load(deployment);
    const hasBegun = tries.held === deployment;
    tries.held = undefined;
    try {
      const reply = await (load ? measured(ctx, load, () => next(ctx), { now: book.now, hasBegun }) : next(ctx));
      book.breaker(deployment)?.succeeded();
      return reply;
    } catch (error) {
      if (isOpen(ctx, error)) routing.noteFailure(deployment, error);
      throw error;
    }
  }

  /** Asks on while answers will not do. What was answered stands when nobody else can. */
  async function escalated(ctx: Context, first: Deployment, answered: Reply, next: Next, tries: GroupTries): Promise<Reply> {
    let [deployment, reply] = [first, answered];
    for (;;) {
      const judgement = await judged(reply, tries.accepts as NonNullable<GroupTries['accepts']>, tries.call as RoutedCall);
      const other = judgement.isAccepted ? undefined : await tries.escalate(deployment);
      if (!other || !isReplayable(ctx)) return judgement.reply;
      ctx.retries += 1;
      try {
        reply = await tryOnce(ctx, other, next, tries);
      } catch (error) {
        if (!isOpen(ctx, error)) throw error;
        ctx.deployment = deployment;
        return judgement.reply;
      }
      deployment = other;
    }
  }

  /** Asks all of them at the same time, each once. */
  function askAll(ctx: Context, together: readonly Deployment[], next: Next, tries: GroupTries): Promise<Reply> {
    const race = new Race(ctx);
    for (const deployment of together) race.enter((branch) => tryOnce(branch, deployment, next, tries));
    return race.answer();
  }

  /** Asks another one beside `deployment` when that one is slow to begin. What the other fails with is only noted. */
  async function hedged(ctx: Context, deployment: Deployment, next: Next, tries: GroupTries, hedging: Hedging): Promise<Reply> {
    const askedAt = book.now();
    const { delayMs } = hedging;
    hedging.deposit();
    if (delayMs === undefined) {
      const reply = await tryOnce(ctx, deployment, next, tries);
      hedging.note(book.now() - askedAt);
      return reply;
    }
    const race = new Race(ctx);
    race.enter((branch) => tryOnce(branch, deployment, next, tries));
    const other = (await race.decided(delayMs)) ? undefined : await besideOf(ctx, deployment, tries);
    if (other) race.enter((branch) => tryOnce(branch, other, next, tries));
    const reply = await race.answer();
    hedging.note(book.now() - askedAt);
    return reply;
  }

  async function besideOf(ctx: Context, slow: Deployment, tries: GroupTries): Promise<Deployment | undefined> {
    const other = await tries.beside(slow);
    if (!other) return undefined;
    return (await takeAnother(ctx)) ? other : undefined;
  }

  return tryGroup;
}
