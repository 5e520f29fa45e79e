import { randomUUID } from 'node:crypto';
import { contextKey, Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { settledBy } from '../pipeline/later-cost.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { BatchBook } from './batch-book.ts';
import type { Finding } from './open-batches.ts';

export type SettlingOptions = {
  readonly book: BatchBook;
  readonly models: ModelRegistry;
  /** Runs a call from its first hook to its outcome. */
  readonly run: (ctx: Context) => Promise<unknown>;
};

const finding = contextKey<Finding>('finding');

/** Charges what a look at a batch has found by a call that nobody makes: recorded and paid like that of the caller who asks. */
export function settling({ book, models, run }: SettlingOptions): { readonly settle: (found: Finding) => Promise<void>; readonly handle: Handler } {
  return {
    async settle(found) {
      const { ref, principal, policy } = found.batch;
      const request = { model: ref.model, id: ref.upstreamId };
      const controller = new LazyAbortController();
      const ctx = new Context({ id: randomUUID(), operation: 'batches.get', request, source: { credentials: [] }, principal, policy, controller });
      ctx.set(settledBy, found.by);
      ctx.set(finding, found);
      await run(ctx);
    },

    async handle(ctx) {
      const { batch: { ref } = {}, found } = ctx.get(finding) ?? {};
      if (!ref) throw new GatewayError('internal', 'Nothing was found to settle');
      ctx.group = ref.model;
      ctx.deployment = models.resolve(ref.model)?.deployments.find(({ id }) => id === ref.deployment);
      if (found) return { kind: 'complete', body: LazyJson.ofValue(await book.show(ctx, ref, found)) };
      await book.writeOff(ctx, ref);
      return { kind: 'complete', body: LazyJson.ofValue({}) };
    },
  };
}
