import type { GatewayOptions, HookInput, Identity, JsonObject, Sink } from '@sluice/core';
import type { Environment } from './from-environment.ts';
import type { JudgeModels } from './judge-models.ts';
import { type Make, maker } from './make-by-package.ts';
import type { Findings } from './mistakes.ts';
import { callbacksOf } from './named-callbacks.ts';
import type { ConfigFile } from './schema/config-file.ts';
import type { PackageEntry } from './schema/own-keys.ts';
import { PLANNED_CALLBACKS } from './schema/unsupported-keys.ts';
import { toGuardrails } from './to-guardrails.ts';
import { toJwtOptions } from './to-jwt-options.ts';
import { toOidcOptions } from './to-oidc-options.ts';
import { toSlackOptions } from './to-slack-options.ts';
import type { Path } from './yaml-source.ts';

type Plugins = Pick<GatewayOptions, 'guardrails' | 'sinks' | 'hooks' | 'identities'>;

export type PluginParts = { readonly from: readonly string[]; readonly env: Environment; readonly judges: JudgeModels };

/** What is made by packages that the file names: guardrails, sinks, hooks and identities. */
export function toPlugins(file: ConfigFile, { from, env, judges }: PluginParts, findings: Findings): Plugins {
  const make = maker(from, findings, env);
  const guardrails = toGuardrails(file, { make, judges, findings });
  const sinks = toSinks(file, make, findings).filter((sink) => sink !== undefined);
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

function byTokens(options: JsonObject | undefined, make: Make): Identity | undefined {
  if (options === undefined) return undefined;
  const optionsPath = ['general_settings', 'litellm_jwtauth'];
  return make<Identity>({ kind: 'identity', name: 'jwt', options, path: ['general_settings', 'enable_jwt_auth'], optionsPath });
}

function byLogin(options: JsonObject | undefined, make: Make): Identity | undefined {
  return options && make<Identity>({ kind: 'identity', name: 'oidc', options, path: ['environment_variables'] });
}

/** Under `sinks`, or as LiteLLM's callbacks and alerts. */
function toSinks(file: ConfigFile, make: Make, findings: Findings): (Sink | undefined)[] {
  const own = (file.sinks ?? []).map((entry, index) => ({ entry, path: ['sinks', index] as Path }));
  const seen = new Set(own.map(({ entry }) => (typeof entry === 'string' ? entry : String(entry.sink))));
  const callbacks = callbacksOf(file)
    .filter(({ kind, package: name }) => kind === 'sink' && !seen.has(name))
    .map(({ package: sink, path }) => ({ entry: sink === 'slack' ? { sink, ...toSlackOptions(file, findings) } : { sink }, path }));
  return [...own, ...callbacks].map(({ entry, path }) => named<Sink>(entry, 'sink', path, make, PLANNED_CALLBACKS));
}

function named<T>(entry: PackageEntry, kind: 'sink' | 'plugin' | 'identity', path: Path, make: Make, planned?: ReadonlySet<string>): T | undefined {
  const { [kind]: name, ...options } = typeof entry === 'string' ? { [kind]: entry } : entry;
  return make<T>({ kind, name: String(name), options, path, ...(planned && { planned }) });
}
