import { didYouMean, type GatewayOptions, matchesWildcard, type ModelGroup, type Strategy } from '@sluice/core';
import { NAMED_STRATEGIES, namedStrategy } from '@sluice/core/routing';
import type { Findings } from './mistakes.ts';
import type { ConfigFile } from './schema/config-file.ts';
import type { RouterSettings } from './schema/settings.ts';
import { toMs } from './to-ms.ts';
import type { Path } from './yaml-source.ts';

type Routing = Pick<GatewayOptions, 'aliases' | 'router' | 'timeoutMs'> & { readonly models: ModelGroup[] };

/** Aliases, fallbacks and retries, from `router_settings` and from where else LiteLLM lets them stand. */
export function toRouting(groups: readonly ModelGroup[], file: ConfigFile, findings: Findings): Routing {
  const { router_settings: settings = {}, litellm_settings = {}, general_settings = {} } = file;
  const strategy = toStrategy(settings, findings);
  const written = toAliases(settings, findings);
  // Without a list of their own the models are those found later, and so are the names that can be meant.
  const known = file.model_list ? [...groups.map(({ name }) => name), ...Object.keys(written)] : ['*'];
  const aliases = withoutStrangers(written, known, findings);

  for (const key of ['context_window_fallbacks', 'content_policy_fallbacks'] as const)
    checkNames(
      Object.entries(settings[key] ?? {}).flatMap(([group, names]) => [group, ...names].map((name) => [['router_settings', key], name] as const)),
      known,
      findings,
    );
  const fallbacks = settings.enable_fallbacks === false ? [] : toFallbacks(file).filter((list) => isMeant(list, { groups, known }, findings));
  checkNames(
    fallbacks.flatMap(({ path, models }) => models.map((name) => [path, name])),
    known,
    findings,
  );
  const defaults =
    settings.default_fallbacks ??
    litellm_settings.default_fallbacks ??
    general_settings.default_fallbacks ??
    fallbacks.find(({ group }) => group === '*')?.models;
  checkNames(
    (defaults ?? []).map((name) => [['router_settings', 'default_fallbacks'], name]),
    known,
    findings,
  );

  const policy = settings.retry_policy ?? {};
  const retries = policy.max_retries ?? settings.num_retries ?? litellm_settings.num_retries ?? general_settings.num_retries;
  const backoff = policy.base_delay ?? settings.retry_after;
  const timeout = settings.timeout ?? litellm_settings.request_timeout ?? general_settings.request_timeout;
  const router = {
    ...(strategy && { strategy }),
    ...toFailing(settings),
    ...(retries === undefined ? {} : { retries }),
    ...(backoff === undefined ? {} : { backoffMs: toMs(backoff) }),
    ...(policy.max_delay === undefined ? {} : { maxBackoffMs: toMs(policy.max_delay) }),
    ...(defaults === undefined || settings.enable_fallbacks === false ? {} : { defaultFallbacks: defaults }),
  };
  return {
    models: groups.map((group) =>
      withFallbacks(
        withLists(group, listsOf(settings, 'context_window_fallbacks', group.name), listsOf(settings, 'content_policy_fallbacks', group.name)),
        fallbacks.filter((list) => list.group === group.name).flatMap(({ models }) => models),
      ),
    ),
    ...(Object.keys(aliases).length === 0 ? {} : { aliases }),
    ...(Object.keys(router).length === 0 ? {} : { router }),
    ...(timeout === undefined ? {} : { timeoutMs: toMs(timeout) }),
  };
}

/** What becomes of deployments that fail, how far a call goes on, and whether tags count. */
function toFailing(settings: RouterSettings): NonNullable<GatewayOptions['router']> {
  const { max_fallbacks: maxFallbacks, allowed_fails: allowedFails, cooldown_time: cooldown, disable_cooldowns: isOff } = settings;
  const { enable_tag_filtering: goesByTags, tag_filtering_match_any: matchesAny = true } = settings;
  return {
    ...(maxFallbacks === undefined ? {} : { maxFallbacks }),
    ...(allowedFails === undefined ? {} : { allowedFails }),
    ...(isOff ? { cooldownMs: 0 } : cooldown === undefined ? {} : { cooldownMs: toMs(cooldown) }),
    ...(goesByTags ? { tagFiltering: matchesAny ? ('any' as const) : ('all' as const) } : {}),
  };
}

/** Lists for single kinds of failure. Those of models that are nowhere are told like any other. */
function listsOf(settings: RouterSettings, key: 'context_window_fallbacks' | 'content_policy_fallbacks', name: string): readonly string[] {
  return settings.enable_fallbacks === false ? [] : (settings[key]?.[name] ?? []);
}

function toStrategy({ routing_strategy: name }: RouterSettings, findings: Findings): Strategy | undefined {
  const strategy = name === undefined ? undefined : namedStrategy(name);
  if (name !== undefined && !strategy)
    findings.mistake(['router_settings', 'routing_strategy'], `unknown strategy '${name}'`, didYouMean(name, NAMED_STRATEGIES));
  return strategy;
}

function toAliases({ model_group_alias = {} }: RouterSettings, findings: Findings): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(model_group_alias).map(([alias, target]) => {
      if (typeof target === 'string' || Array.isArray(target)) return [alias, target];
      if (target.hidden) findings.notYet(['router_settings', 'model_group_alias', alias, 'hidden'], 'hiding an alias');
      return [alias, target.model];
    }),
  );
}

/** A list that names models which are nowhere still stands for those that are there: such lists are copied from longer files. */
function withoutStrangers(
  aliases: Readonly<Record<string, string | string[]>>,
  known: readonly string[],
  findings: Findings,
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(aliases).map(([alias, target]) => {
      const path = ['router_settings', 'model_group_alias', alias];
      const there = [target].flat().filter((name) => isKnown(name, known));
      const strangers = [target].flat().filter((name) => !isKnown(name, known));
      if (there.length === 0)
        checkNames(
          strangers.map((name) => [path, name]),
          known,
          findings,
        );
      else for (const name of strangers) findings.note(path, `no model is named '${name}', so the alias is the others`);
      return [alias, Array.isArray(target) && there.length > 0 ? there : target];
    }),
  );
}

/** Fallbacks belong to a model of the list. For one that is nowhere they never come into play; for what is covered otherwise they would. */
function isMeant(
  { path, group }: FallbackList,
  { groups, known }: { readonly groups: readonly ModelGroup[]; readonly known: readonly string[] },
  findings: Findings,
): boolean {
  if (group === '*' || groups.some(({ name }) => name === group)) return true;
  if (isKnown(group, known))
    findings.mistake(path, `'${group}' needs an entry of its own in model_list to have fallbacks; a wildcard or an alias is not enough`);
  else findings.note(path, `no model is named '${group}', so its fallbacks are left out`);
  return false;
}

type FallbackList = { readonly path: Path; readonly group: string; readonly models: readonly string[] };

/** The router's own settings go before the others. */
function toFallbacks({ router_settings = {}, litellm_settings = {}, general_settings = {} }: ConfigFile): FallbackList[] {
  const sources: readonly (readonly [Path, Record<string, string[]> | undefined])[] = [
    [['router_settings', 'fallbacks'], router_settings.fallbacks],
    [['router_settings', 'fallback_models'], router_settings.fallback_models],
    [['litellm_settings', 'fallbacks'], litellm_settings.fallbacks],
    [['general_settings', 'fallbacks'], general_settings.fallbacks],
  ];
  const lists = new Map<string, FallbackList>();
  for (const [path, fallbacks = {}] of sources)
    for (const [group, models] of Object.entries(fallbacks)) if (!lists.has(group)) lists.set(group, { path, group, models });
  return [...lists.values()];
}

function withLists(group: ModelGroup, contextFallbacks: readonly string[], contentPolicyFallbacks: readonly string[]): ModelGroup {
  return {
    ...group,
    ...(contextFallbacks.length === 0 ? {} : { contextFallbacks }),
    ...(contentPolicyFallbacks.length === 0 ? {} : { contentPolicyFallbacks }),
  };
}

function withFallbacks(group: ModelGroup, fallbacks: readonly string[]): ModelGroup {
  return fallbacks.length === 0 ? group : { ...group, fallbacks };
}

function checkNames(used: readonly (readonly [Path, string])[], known: readonly string[], findings: Findings): void {
  for (const [path, name] of used) if (!isKnown(name, known)) findings.mistake(path, `no model is named '${name}'`, didYouMean(name, known));
}

function isKnown(name: string, known: readonly string[]): boolean {
  return known.some((pattern) => matchesWildcard(pattern, name));
}
