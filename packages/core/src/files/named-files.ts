import { GatewayError } from '../errors/gateway-error.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { Deployment } from '../types/model.ts';
import { mapFileIds } from './file-ids.ts';
import { deploymentOf } from './inner-call.ts';
import { isKept } from './kept-inputs.ts';
import type { ObjectIds } from './object-ids.ts';

export type NamedFilesOptions = {
  readonly ids: ObjectIds;
  readonly models: ModelRegistry;
  /** Whether ids that were not given out here go on as they are. */
  readonly takesForeign: boolean;
};

/** A file that a request names, where it does, and who keeps it. */
export type NamedFile = { readonly place: string; readonly keeper: Deployment };

/**
 * A request with the provider's own ids in place of ours, and the files that it names. What does not open for `owner`
 * may be somebody else's: all callers have one account with the provider.
 * @throws GatewayError `object_not_found`, `invalid_request`
 */
export function openFiles(
  request: ModelRequest,
  owner: string,
  { ids, models, takesForeign }: NamedFilesOptions,
): { readonly request: ModelRequest; readonly files: readonly NamedFile[] } {
  const files: NamedFile[] = [];
  const opened = mapFileIds(request, (id, place) => {
    const ref = ids.read('file', owner, id);
    if (!ref && takesForeign) return id;
    if (!ref)
      throw new GatewayError('object_not_found', `There is no file '${id.slice(0, 100)}': '${place}' takes what POST /v1/files has answered`, { param: place });
    if (isKept(ref)) throw new GatewayError('invalid_request', `'${place}' names the input of a batch, which no provider keeps`, { param: place });
    files.push({ place, keeper: deploymentOf(models, ref) });
    return ref.upstreamId;
  });
  return { request: opened, files };
}

/** Whether `deployment` finds the files of `keeper`: it is the same, or has the same account in all that is known of it. */
export function sharesFiles(keeper: Deployment, deployment: Deployment): boolean {
  return keeper.id === deployment.id || accountOf(keeper) === accountOf(deployment);
}

function accountOf({ provider, baseUrl, apiKey, headers, options }: Deployment): string {
  return JSON.stringify([provider, baseUrl, apiKey?.reveal(), headers, options]);
}
