import { fileCalls } from '../files/file-calls.ts';
import { ObjectIds } from '../files/object-ids.ts';
import { ObjectIndex } from '../files/object-index.ts';
import { placeCall } from '../files/place-call.ts';
import { ASSUMED_PAID_TOKENS } from '../hooks/admission/plan.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { compose } from '../pipeline/compose.ts';
import type { Handler, Hook } from '../pipeline/hook.ts';
import { isList } from '../pipeline/operations.ts';
import { mappingOf, providerOf } from '../provider/provider-of.ts';
import type { Supports } from '../routing/group-plan.ts';
import type { Store } from '../store/store.ts';
import { checkRequest } from './check-request.ts';
import type { GatewayOptions } from './options.ts';
import { saltKeysOf } from './salt-keys.ts';

export type FileHandlerParts = {
  readonly hooks: readonly Hook[];
  readonly models: ModelRegistry;
  readonly store: Store;
  readonly supports: Supports;
  readonly call: Handler;
  readonly ids: ObjectIds;
};

/** Without a secret, ids are good for as long as these are. */
export function objectIds(options: GatewayOptions): ObjectIds {
  return new ObjectIds(...saltKeysOf(options));
}

/** Answers calls about files and batches. Lists pass all hooks but those of the router: no deployment is chosen. */
export function fileHandler(options: GatewayOptions, { hooks, models, store, supports, call, ids }: FileHandlerParts): Handler {
  const find = providerOf(options.providers ?? []);
  const place = placeCall({ ids, models, supports, guardrails: (options.guardrails ?? []).map(({ guardrail }) => guardrail.name) });
  const answer = fileCalls({
    call,
    ids,
    index: new ObjectIndex(store),
    store,
    models,
    takesForeign: options.takesForeignFileIds !== false,
    mappingOf: (deployment, operation) => mappingOf(find(deployment), operation, deployment),
    assumedOutputTokens: options.budget?.assumedOutputTokens ?? ASSUMED_PAID_TOKENS,
  });
  const run = compose([...hooks, checkRequest, place], answer);
  const runList = compose([...hooks.filter(({ phase }) => phase !== 'router'), checkRequest, place], answer);
  return (ctx) => (isList(ctx.operation) ? runList : run)(ctx);
}
