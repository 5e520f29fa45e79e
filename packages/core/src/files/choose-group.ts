import { GatewayError } from '../errors/gateway-error.ts';
import { mayUse } from '../models/may-use.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Context } from '../pipeline/context.ts';
import type { Supports } from '../routing/group-plan.ts';
import { simpleShuffle } from '../routing/strategies/simple-shuffle.ts';
import type { ModelGroup } from '../types/model-group.ts';
import { modelInLines } from './batch-lines.ts';

export type Choosing = { readonly models: ModelRegistry; readonly supports: Supports };

/** One deployment takes a file, whatever the group's own strategy asks of how many. */
const ONE = simpleShuffle();

/**
 * Where a new file goes: by the model that the call names, by the provider that it names, by the model that its lines
 * name, or to the only provider that takes files.
 * @throws GatewayError `model_not_found`, `model_not_allowed`, `unsupported_operation`; `invalid_request` naming the choices.
 */
export function chooseGroup(ctx: Context, choosing: Choosing): ModelGroup {
  const model = ctx.request.model || undefined;
  const provider = providerNamed(ctx);
  if (model !== undefined) return byModel(ctx, choosing, model);
  const inLines = provider === undefined && ctx.upload?.fileHead ? modelInLines(ctx.upload.fileHead) : undefined;
  if (inLines !== undefined) return byModel(ctx, choosing, inLines);
  return byProvider(ctx, choosing, provider);
}

/** As LiteLLM takes it: in the form or the query, or as a header. */
function providerNamed({ request, source }: Context): string | undefined {
  const { custom_llm_provider: field } = request;
  const named = field ?? source.headers?.['custom-llm-provider'];
  return typeof named === 'string' && named !== '' ? named : undefined;
}

function byModel(ctx: Context, { models }: Choosing, model: string): ModelGroup {
  if (!mayUse(ctx, model)) throw new GatewayError('model_not_allowed', `This key may not use the model '${model}'`, { param: 'model' });
  const group = models.resolve(model);
  if (!group) throw new GatewayError('model_not_found', `No model is named '${model}'`, { param: 'model' });
  const { deployments, isBlocked = false } = group;
  return { name: model, deployments, isBlocked, strategy: ONE };
}

function byProvider(ctx: Context, { models, supports }: Choosing, wanted: string | undefined): ModelGroup {
  const able = new Map<string, ModelGroup>();
  for (const { name, deployments } of usableGroups(ctx, models).filter(({ isBlocked }) => !isBlocked))
    for (const deployment of deployments)
      if (!deployment.isBlocked && supports(deployment, ctx.operation) && !able.has(deployment.provider))
        able.set(deployment.provider, { name, deployments: [deployment] });

  const names = [...able.keys()].sort();
  const chosen = wanted ?? (names.length === 1 ? names[0] : undefined);
  const group = chosen === undefined ? undefined : able.get(chosen);
  if (group) return group;
  if (names.length === 0) throw new GatewayError('unsupported_operation', 'No provider that this key may use takes files');
  const choices = names.map((name) => `'${name}'`).join(', ');
  throw new GatewayError(
    'invalid_request',
    wanted === undefined
      ? `Several providers take files. Say which by custom_llm_provider (${choices}), or name a model.`
      : `custom_llm_provider has to be one of ${choices}: no other provider that this key may use takes files.`,
    { param: 'custom_llm_provider' },
  );
}

/** What the key may use by the names of groups, and by those names that its own list fills the gaps of a group with. */
function usableGroups(ctx: Context, models: ModelRegistry): ModelGroup[] {
  const own = [ctx.principal?.models, ctx.policy?.models].flatMap((list) => list ?? []);
  const names = [...models.groups.map(({ name }) => name), ...own.filter((name) => !name.includes('*'))];
  return names.filter((name) => mayUse(ctx, name)).flatMap((name) => models.resolve(name) ?? []);
}
