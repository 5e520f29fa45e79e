import { GatewayError } from '../errors/gateway-error.ts';
import { namedModels } from '../models/named-models.ts';
import type { Context } from '../pipeline/context.ts';
import type { Hook } from '../pipeline/hook.ts';
import { pinnedGroup } from '../routing/pinned.ts';
import type { ModelGroup } from '../types/model-group.ts';
import { mayNameFiles } from './file-ids.ts';
import { type NamedFile, type NamedFilesOptions, openFiles, sharesFiles } from './named-files.ts';
import { ownerOf } from './place-call.ts';

export type PinToFilesOptions = NamedFilesOptions & {
  /** The group that a call names, if there is one. */
  readonly targetOf: (ctx: Context) => ModelGroup | undefined;
};

/**
 * Has a call that names files of ours answered by a deployment that finds them, by the provider's own ids.
 * Innermost of the auth phase.
 */
export function pinToFiles(options: PinToFilesOptions): Hook {
  function pin(ctx: Context): void {
    if (!mayNameFiles(ctx.request)) return;
    const { request, files } = openFiles(ctx.request, ownerOf(ctx), options);
    // Not the caller's bytes: in those a name may stand twice, and who is to say which one a provider reads.
    if (ctx.received !== undefined) ctx.request = { ...request };
    const [first] = files;
    if (!first) return;
    if (namedModels(request).length > 1)
      throw new GatewayError('invalid_request', 'Models cannot race for a request that names files: one of them has them', { param: first.place });
    const group = options.targetOf(ctx);
    ctx.request = { ...request, disable_fallbacks: true };
    // One that is not there is the router's to say.
    if (group) ctx.set(pinnedGroup, withFiles(group, files, first));
  }

  return {
    name: 'pin-to-files',
    phase: 'auth',
    handle(ctx, next) {
      pin(ctx);
      return next();
    },
  };
}

/** A copy of the call would find no files elsewhere, so there is none. */
function withFiles({ mirror: _, ...group }: ModelGroup, files: readonly NamedFile[], { keeper, place }: NamedFile): ModelGroup {
  const deployments = group.deployments.filter((deployment) => files.every((file) => sharesFiles(file.keeper, deployment)));
  if (deployments.length > 0) return { ...group, deployments };
  const message = `No deployment of '${group.name}' has all the files that are named: '${place}' is kept at '${keeper.id}'. Upload them with '${group.name}' as their model`;
  throw new GatewayError('invalid_request', message, { param: place });
}
