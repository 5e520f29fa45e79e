import type { GatewayOptions, Guardrail, GuardrailUse, HookInput, Identity, JsonObject, Sink } from '@sluice/core';
import type { Environment } from './from-environment.ts';
import { type Make, maker } from './make-by-package.ts';
import type { Findings } from './mistakes.ts';
import type { ConfigFile } from './schema/config-file.ts';
import type { GuardrailEntry, PackageEntry } from './schema/own-keys.ts';
import { PLANNED_CALLBACKS, PLANNED_GUARDRAILS } from './schema/unsupported-keys.ts';
import { toJwtOptions } from './to-jwt-options.ts';
import { toOidcOptions } from './to-oidc-options.ts';
import type { Path } from './yaml-source.ts';

type Plugins = Pick<GatewayOptions, 'guardrails' | 'sinks' | 'hooks' | 'identities'>;

/** What is made by packages that the file names: guardrails, sinks, hooks and identities. */
export function toPlugins(file: ConfigFile, { from, env }: { readonly from: readonly string[]; readonly env: Environment }, findings: Findings): Plugins {
  const make = maker(from, findings);
  const guardrails = [...(file.guardrails ?? []).map((entry, index) => toGuardrail(entry, ['guardrails', index], make)), bannedWords(file, make)].filter(
    (use) => use !== undefined,
  );
  const sinks = toSinks(file, make).filter((sink) => sink !== undefined);
  const hooks = (file.plugins ?? []).map((entry, index) => named<HookInput>(entry, 'plugin', ['plugins', index], make)).filter((hook) => hook !== undefined);
  const identities = [
    byTokens(toJwtOptions(file, env, findings), make),
    byLogin(toOidcOptions(file, env, findings), make),
    ...(file.identities ?? []).map((entry, index) => named<Identity>(entry, 'identity', ['identities', index], make)),
  ].filter((identity) => identity !== undefined);
  return {
    ...(guardrails.length > 0 && { guardrails }),
    ...(sinks.length > 0 && { sinks }),
    ...(hooks.length > 0 && { hooks }),
    ...(identities.length > 0 && { identities }),
  };
}

function toGuardrail({ guardrail_name: name, litellm_params }: GuardrailEntry, path: Path, make: Make): GuardrailUse | undefined {
  const { guardrail: packageName, mode, default_on: always, stream, on_error: onError, ...options } = litellm_params;
  const made = make<Guardrail>({
    kind: 'guardrail',
    name: packageName,
    options,
    path: [...path, 'litellm_params', 'guardrail'],
    optionsPath: [...path, 'litellm_params'],
    planned: PLANNED_GUARDRAILS,
  });
  if (made === undefined) return undefined;
  const modes = [mode].flat();
  return {
    // Whatever else the guardrail has stays in place behind its new name.
    guardrail: Object.create(made, { name: { value: name, enumerable: true }, ...(onError && { onError: { value: onError, enumerable: true } }) }) as Guardrail,
    on: [...(modes.includes('pre_call') ? (['input'] as const) : []), ...(modes.includes('post_call') ? (['output'] as const) : [])],
    ...(stream && { stream }),
    ...(always === undefined ? {} : { always }),
  };
}

/** As in LiteLLM, inside longer words too. */
function bannedWords({ litellm_settings: { banned_keywords_list: words } = {} }: ConfigFile, make: Make): GuardrailUse | undefined {
  if (words === undefined) return undefined;
  const guardrail = make<Guardrail>({
    kind: 'guardrail',
    name: 'keywords',
    options: { words, wholeWords: false },
    path: ['litellm_settings', 'banned_keywords_list'],
  });
  return guardrail && { guardrail, on: ['input', 'output'] };
}

function byTokens(options: JsonObject | undefined, make: Make): Identity | undefined {
  if (options === undefined) return undefined;
  const optionsPath = ['general_settings', 'litellm_jwtauth'];
  return make<Identity>({ kind: 'identity', name: 'jwt', options, path: ['general_settings', 'enable_jwt_auth'], optionsPath });
}

function byLogin(options: JsonObject | undefined, make: Make): Identity | undefined {
  return options && make<Identity>({ kind: 'identity', name: 'oidc', options, path: ['environment_variables'] });
}

/** Under `sinks`, or as LiteLLM's callbacks, which are told all calls here: a package is loaded once. */
function toSinks(file: ConfigFile, make: Make): (Sink | undefined)[] {
  const entries: { entry: PackageEntry; path: Path }[] = (file.sinks ?? []).map((entry, index) => ({ entry, path: ['sinks', index] }));
  const seen = new Set(entries.map(({ entry }) => (typeof entry === 'string' ? entry : String(entry.sink))));
  for (const section of ['litellm_settings', 'general_settings'] as const) {
    for (const field of ['callbacks', 'success_callback', 'failure_callback'] as const) {
      for (const [index, name] of (file[section]?.[field] ?? []).entries()) {
        if (seen.has(name) || (name === 'banned_keywords' && file.litellm_settings?.banned_keywords_list)) continue;
        seen.add(name);
        entries.push({ entry: name, path: [section, field, index] });
      }
    }
  }
  return entries.map(({ entry, path }) => named<Sink>(entry, 'sink', path, make, PLANNED_CALLBACKS));
}

function named<T>(entry: PackageEntry, kind: 'sink' | 'plugin' | 'identity', path: Path, make: Make, planned?: ReadonlySet<string>): T | undefined {
  const { [kind]: name, ...options } = typeof entry === 'string' ? { [kind]: entry } : entry;
  return make<T>({ kind, name: String(name), options, path, ...(planned && { planned }) });
}
