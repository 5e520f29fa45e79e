import { didYouMean } from '../errors/did-you-mean.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { mayUse } from '../models/may-use.ts';
import { isListOfModels, severalNamed } from '../models/named-models.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Context } from '../pipeline/context.ts';

/** Nobody answers to the name of a call. A list of names is told how several models are asked. */
export function notFound(ctx: Context, models: ModelRegistry): GatewayError {
  const { model } = ctx.request;
  if (isListOfModels(model, (name) => models.resolve(name) !== undefined)) return severalNamed(model);
  const suggestion = didYouMean(
    model,
    models.names.filter((name) => !name.includes('*') && mayUse(ctx, name)),
  );
  return new GatewayError('model_not_found', `No model is named '${model}'.${suggestion ? ` ${suggestion}` : ''}`, { param: 'model' });
}

/** Several models race to answer what may be answered by one only. */
export function notRepeatable(): GatewayError {
  return new GatewayError(
    'invalid_request',
    'This call does something at its provider (a tool is run, something is kept), so that it cannot be answered by several at the same time.',
    { param: 'fastest_response' },
  );
}
