import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../errors/gateway-error.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Context } from '../pipeline/context.ts';
import type { Hook, Next } from '../pipeline/hook.ts';
import type { Reply } from '../types/call.ts';
import type { Deployment, ModelGroup } from '../types/model.ts';

export type RouterOptions = {
  readonly models: ModelRegistry;
  /** Further tries within one group, after the first. */
  readonly retries?: number;
  readonly random?: () => number;
};

/** Chooses the deployment, tries again where that may help, and falls back to other groups. */
export function router({ models, retries = 2, random = Math.random }: RouterOptions): Hook {
  return {
    name: 'router',
    phase: 'router',
    async handle(ctx, next) {
      const group = models.resolve(ctx.request.model);
      if (!group) throw new GatewayError('model_not_found', `No model is named '${ctx.request.model}'`, { param: 'model' });
      return tryGroup(ctx, group, next);
    },
  };

  async function tryGroup(ctx: Context, group: ModelGroup, next: Next): Promise<Reply> {
    ctx.group = group.name;
    for (let attempt = 0; ; attempt += 1) {
      ctx.deployment = pick(group.deployments, random);
      try {
        return await next();
      } catch (error) {
        if (!GatewayError.is(error) || !error.retryable || attempt >= retries || ctx.signal.aborted) throw error;
        ctx.retries += 1;
        await sleep(error.retryAfterMs ?? random() * 500 * 2 ** attempt, undefined, { signal: ctx.signal });
      }
    }
  }
}

function pick(deployments: readonly Deployment[], random: () => number): Deployment | undefined {
  const total = deployments.reduce((sum, { weight = 1 }) => sum + weight, 0);
  let rest = random() * total;
  return deployments.find(({ weight = 1 }) => (rest -= weight) < 0) ?? deployments.at(-1);
}

