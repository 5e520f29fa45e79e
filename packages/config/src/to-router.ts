import type { Alias, GatewayOptions, ModelGroup } from '@sluice/core';
import type { Findings } from './mistakes.ts';
import type { ConfigFile } from './schema/config-file.ts';
import { toAliases } from './to-aliases.ts';
import { toAutoRouters } from './to-auto-routers.ts';
import { retriesOf, toFailing } from './to-failing.ts';
import { toFallbacks } from './to-fallbacks.ts';
import { toHedge } from './to-hedge.ts';
import { toMs } from './to-ms.ts';
import { toStrategy } from './to-strategy.ts';
import { checkNames } from './known-names.ts';

type Routing = Pick<GatewayOptions, 'aliases' | 'router' | 'timeoutMs'> & { readonly models: ModelGroup[] };

/** Who is asked first, other names, where calls go on and how often: `router_settings`, and where else LiteLLM lets it stand. */
export function toRouting(
  groups: readonly ModelGroup[],
  file: ConfigFile,
  { path, findings }: { readonly path: string; readonly findings: Findings },
): Routing {
  const { router_settings: settings = {}, litellm_settings = {}, general_settings = {} } = file;
  const names = groups.map(({ name }) => name);
  // Without a list of their own the models are those found later, and so are the names that can be meant.
  const targets = file.model_list ? names : ['*'];
  const autoRouters = toAutoRouters(file.model_list ?? [], { known: targets, file: path }, findings);
  const chosen = [...Object.keys(settings.model_group_alias ?? {}), ...Object.keys(autoRouters)];
  const known = file.model_list ? [...names, ...chosen] : ['*'];
  const aliases: Record<string, Alias> = { ...toAliases(settings, known, findings), ...autoRouters };
  const fallbacks = toFallbacks(file, { groups, names: known }, findings);
  checkNames(
    Object.keys(settings.model_group_retry_policy ?? {}).map((name) => [['router_settings', 'model_group_retry_policy', name], name]),
    targets,
    findings,
  );
  const timeout = settings.timeout ?? litellm_settings.request_timeout ?? general_settings.request_timeout;
  const { enable_tag_filtering: goesByTags, tag_filtering_match_any: matchesAny = true } = settings;
  const router = {
    ...toStrategy(settings, findings),
    ...toFailing(file),
    ...(settings.resume === undefined ? {} : { resume: settings.resume }),
    ...(settings.hedge && { hedge: toHedge(settings.hedge) }),
    ...(goesByTags ? { tagFiltering: matchesAny ? ('any' as const) : ('all' as const) } : {}),
    ...(fallbacks.defaults && { defaultFallbacks: fallbacks.defaults }),
  };
  return {
    models: groups.map((group) => {
      const retriesFor = retriesOf(settings, group.name);
      return { ...group, ...fallbacks.of(group.name), ...(retriesFor && { retriesFor }) };
    }),
    ...(Object.keys(aliases).length === 0 ? {} : { aliases }),
    ...(Object.keys(router).length === 0 ? {} : { router }),
    ...(timeout === undefined ? {} : { timeoutMs: toMs(timeout) }),
  };
}
