import type { Alias, GatewayOptions, ModelGroup } from '@sluice/core';
import type { Findings } from './mistakes.ts';
import type { ConfigFile } from './schema/config-file.ts';
import type { RouterSettings } from './schema/settings.ts';
import { toAliases } from './to-aliases.ts';
import { toAutoRouters } from './to-auto-routers.ts';
import { retriesOf, toFailing } from './to-failing.ts';
import { toFallbacks } from './to-fallbacks.ts';
import { toHedge } from './to-hedge.ts';
import { toMs } from './to-ms.ts';
import { toStrategy } from './to-strategy.ts';
import { checkNames, type KnownNames } from './known-names.ts';
import { toGroupSettings } from './to-group-settings.ts';

type Routing = Pick<GatewayOptions, 'aliases' | 'router' | 'timeoutMs' | 'idleTimeoutMs' | 'streamHeadAfterMs' | 'upstream'> & {
  readonly models: ModelGroup[];
};

/** Who is asked first, other names, where calls go on and how often: `router_settings`, and where else LiteLLM lets it stand. */
export function toRouting(
  groups: readonly ModelGroup[],
  file: ConfigFile,
  { path, findings }: { readonly path: string; readonly findings: Findings },
): Routing {
  const { router_settings: settings = {}, litellm_settings = {}, general_settings = {} } = file;
  const names = groups.map(({ name }) => name);
  // Without a list of their own the models are those found later, and so are the names that can be meant.
  const mayGrow = general_settings.store_model_in_db === true;
  const targets: KnownNames = { names: file.model_list ? names : ['*'], mayGrow };
  const autoRouters = toAutoRouters(file.model_list ?? [], { known: targets, file: path }, findings);
  const chosen = [...Object.keys(settings.model_group_alias ?? {}), ...Object.keys(autoRouters)];
  const known: KnownNames = { names: file.model_list ? [...names, ...chosen] : ['*'], mayGrow };
  const deployments = groups.flatMap((group) => group.deployments);
  // Strategies may mean a deployment or what its provider calls the model, too.
  const inGroups: KnownNames = { names: [...known.names, ...deployments.flatMap(({ id, model }) => [id, model])], mayGrow };
  const aliases: Record<string, Alias> = { ...toAliases(settings, inGroups, findings), ...autoRouters };
  const fallbacks = toFallbacks(file, { groups, names: known }, findings);
  checkNames(
    Object.keys(settings.model_group_retry_policy ?? {}).map((name) => [['router_settings', 'model_group_retry_policy', name], name]),
    targets,
    findings,
  );
  checkNames(settings.default_group === undefined ? [] : [[['router_settings', 'default_group'], settings.default_group]], known, findings);
  const ownOf = toGroupSettings(settings.model_group_settings, { groups, known: inGroups }, findings);
  const timeout = settings.timeout ?? litellm_settings.request_timeout ?? general_settings.request_timeout;
  const { enable_tag_filtering: goesByTags, tag_filtering_match_any: matchesAny = true } = settings;
  const router = {
    ...toStrategy(settings, inGroups, findings),
    ...toWaiting(settings),
    ...toFailing(file),
    ...(settings.resume === undefined ? {} : { resume: settings.resume }),
    ...(settings.hedge && { hedge: toHedge(settings.hedge) }),
    ...(goesByTags ? { tagFiltering: matchesAny ? ('any' as const) : ('all' as const) } : {}),
    ...(fallbacks.defaults && { defaultFallbacks: fallbacks.defaults }),
    ...(settings.default_group !== undefined && { defaultGroup: settings.default_group }),
    ...(settings.default_provider !== undefined && { defaultProvider: settings.default_provider }),
    ...(settings.share_cooldowns !== undefined && { shareCooldowns: settings.share_cooldowns }),
  };
  return {
    models: groups.map((group) => {
      const retriesFor = retriesOf(settings, group.name);
      return { ...group, ...fallbacks.of(group.name), ...(retriesFor && { retriesFor }), ...ownOf(group) };
    }),
    ...(Object.keys(aliases).length === 0 ? {} : { aliases }),
    ...(Object.keys(router).length === 0 ? {} : { router }),
    ...(timeout === undefined ? {} : { timeoutMs: toMs(timeout) }),
    ...toPatience(settings),
  };
}

/** Where calls wait for a place, and how long for all of an answer. */
function toWaiting({
  queue,
  default_priority: defaultPriority,
  deadline,
}: RouterSettings): Pick<NonNullable<Routing['router']>, 'queue' | 'defaultPriority' | 'deadlineMs'> {
  const { max_length: maxLength, max_wait: maxWait } = queue ?? {};
  return {
    ...(queue && { queue: { ...(maxLength !== undefined && { maxLength }), ...(maxWait !== undefined && { maxWaitMs: toMs(maxWait) }) } }),
    ...(defaultPriority !== undefined && { defaultPriority }),
    ...(deadline !== undefined && { deadlineMs: toMs(deadline) }),
  };
}

/** The waits that are not the router's. */
function toPatience({ idle_timeout: idle, connect_timeout: connect, stream_head_after: head }: RouterSettings): Partial<Routing> {
  return {
    ...(idle !== undefined && { idleTimeoutMs: toMs(idle) }),
    ...(connect !== undefined && { upstream: { connectTimeoutMs: toMs(connect) } }),
    ...(head !== undefined && { streamHeadAfterMs: head && toMs(head) }),
  };
}
