import { GatewayError } from '../errors/gateway-error.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { mayUse } from '../models/may-use.ts';
import type { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { BytesReply, CompleteReply } from '../types/call.ts';
import type { JsonObject } from '../types/json.ts';
import type { Health } from './health/open-health.ts';

export type LocalAnswersOptions = {
  readonly models: ModelRegistry;
  readonly health: Health;
  readonly metrics: (ctx: Context) => BytesReply;
};

/** What the gateway answers by itself. */
export function localAnswers({ models, health, metrics }: LocalAnswersOptions): Handler {
  const startedAt = Math.floor(Date.now() / 1000);

  return async (ctx) => {
    switch (ctx.operation) {
      case 'models.list':
        return complete({ object: 'list', data: visibleTo(ctx).map(toModel) });
      case 'models.get':
        return complete(findModel(ctx));
      case 'health':
        return complete(await health.report(ctx));
      case 'metrics':
        return metrics(ctx);
      case 'upgrade':
        throw new GatewayError('route_not_found', 'The gateway has no route that upgrades a connection');
      default:
        throw new GatewayError('unsupported_operation', `'${ctx.operation}' is not answered here`);
    }
  };

  function visibleTo(ctx: Context): string[] {
    return models.names.filter((name) => mayUse(ctx, name));
  }

  function findModel(ctx: Context): JsonObject {
    const { model } = ctx.request;
    if (!mayUse(ctx, model) || !models.resolve(model)) throw new GatewayError('model_not_found', `No model is named '${model}'`, { param: 'model' });
    return toModel(model);
  }

  function toModel(id: string): JsonObject {
    return { id, object: 'model', created: startedAt, owned_by: 'sluice' };
  }
}

function complete(value: JsonObject): CompleteReply {
  return { kind: 'complete', body: LazyJson.ofValue(value) };
}
