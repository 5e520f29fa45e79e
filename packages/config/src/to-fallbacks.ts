import type { ModelGroup } from '@sluice/core';
import type { ConfigFile } from './schema/config-file.ts';
import type { Findings } from './mistakes.ts';
import { checkNames, isKnown, type KnownNames } from './known-names.ts';
import type { Path } from './yaml-source.ts';

/** What of a group's fallbacks is written under which key. */
const KINDS = {
  fallbacks: ['fallbacks', 'fallback_models'],
  contextFallbacks: ['context_window_fallbacks'],
  contentPolicyFallbacks: ['content_policy_fallbacks'],
} as const satisfies Partial<Record<keyof ModelGroup, readonly string[]>>;

type Kind = keyof typeof KINDS;

export type Fallbacks = {
  /** The lists of each group that has some. */
  of(group: string): Pick<ModelGroup, Kind>;
  /** For groups without. */
  readonly defaults: readonly string[] | undefined;
};

type FallbackList = { readonly path: Path; readonly group: string; readonly models: readonly string[] };
type Known = { readonly groups: readonly ModelGroup[]; readonly names: KnownNames };

/** Where calls go on, from `router_settings` and from where else LiteLLM lets it stand. */
export function toFallbacks(file: ConfigFile, known: Known, findings: Findings): Fallbacks {
  const { router_settings: settings = {}, litellm_settings = {}, general_settings = {} } = file;
  const lists = new Map<Kind, readonly FallbackList[]>();
  for (const [kind, keys] of Object.entries(KINDS) as [Kind, readonly FallbackKey[]][]) {
    const meant = listsOf(file, keys).filter((list) => isMeant(list, known, findings));
    checkNames(
      meant.flatMap(({ path, models }) => models.map((name) => [path, name] as const)),
      known.names,
      findings,
    );
    lists.set(kind, settings.enable_fallbacks === false ? [] : meant);
  }
  const forAll = (kind: Kind): readonly string[] | undefined => lists.get(kind)?.find(({ group }) => group === '*')?.models;
  const defaults = settings.default_fallbacks ?? litellm_settings.default_fallbacks ?? general_settings.default_fallbacks ?? forAll('fallbacks');
  checkNames(
    (defaults ?? []).map((name) => [['router_settings', 'default_fallbacks'], name]),
    known.names,
    findings,
  );
  return {
    defaults: settings.enable_fallbacks === false ? undefined : defaults,
    of(group) {
      const own = (kind: Kind): readonly string[] | undefined => lists.get(kind)?.find((list) => list.group === group)?.models;
      const [fallbacks, contextFallbacks, contentPolicyFallbacks] = [
        own('fallbacks'),
        own('contextFallbacks') ?? forAll('contextFallbacks'),
        own('contentPolicyFallbacks') ?? forAll('contentPolicyFallbacks'),
      ];
      return {
        ...(fallbacks?.length && { fallbacks }),
        ...(contextFallbacks?.length && { contextFallbacks }),
        ...(contentPolicyFallbacks?.length && { contentPolicyFallbacks }),
      };
    },
  };
}

type FallbackKey = (typeof KINDS)[Kind][number];

/** The router's own settings go before the others. */
function listsOf(file: ConfigFile, keys: readonly FallbackKey[]): FallbackList[] {
  const lists = new Map<string, FallbackList>();
  for (const section of ['router_settings', 'litellm_settings', 'general_settings'] as const) {
    const written = (file[section] ?? {}) as Partial<Record<FallbackKey, Record<string, string[]>>>;
    for (const key of keys)
      for (const [group, models] of Object.entries(written[key] ?? {})) if (!lists.has(group)) lists.set(group, { path: [section, key], group, models });
  }
  return [...lists.values()];
}

/** Fallbacks belong to a model of the list. For one that is nowhere they never come into play; for what is covered otherwise they would. */
function isMeant({ path, group }: FallbackList, { groups, names }: Known, findings: Findings): boolean {
  if (group === '*' || groups.some(({ name }) => name === group)) return true;
  if (isKnown(group, names))
    findings.mistake(path, `'${group}' needs an entry of its own in model_list to have fallbacks; a wildcard or an alias is not enough`);
  else if (names.mayGrow)
    findings.note(path, `'${group}' has no entry in model_list, so its fallbacks are left out; \`default_fallbacks\` hold for models of the directory`);
  else findings.note(path, `no model is named '${group}', so its fallbacks are left out`);
  return false;
}
