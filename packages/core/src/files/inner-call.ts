import { GatewayError } from '../errors/gateway-error.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import type { FileOperation, Reply } from '../types/call.ts';
import type { Deployment } from '../types/model.ts';
import type { ObjectRef } from './object-ids.ts';

export type InnerCalls = { readonly call: Handler; readonly models: ModelRegistry };

/** A further question to the deployment that keeps an object, on behalf of the call `ctx`. */
export async function innerCall(ctx: Context, { call, models }: InnerCalls, operation: FileOperation, ref: ObjectRef): Promise<Reply> {
  const { id, source, principal, policy, controller } = ctx;
  const request = { model: ref.model, id: ref.upstreamId };
  const inner = new Context({ id, operation, request, source, principal, policy, controller });
  inner.group = ref.model;
  inner.deployment = deploymentOf(models, ref);
  try {
    return await call(inner);
  } finally {
    ctx.upstreamMs += inner.upstreamMs;
  }
}

/** @throws GatewayError `object_not_found` */
export function deploymentOf(models: ModelRegistry, { model, deployment: wanted }: ObjectRef): Deployment {
  const deployment = models.resolve(model)?.deployments.find(({ id }) => id === wanted);
  if (deployment) return deployment;
  throw new GatewayError('object_not_found', `The deployment of '${model}' that keeps this is no longer there`);
}
