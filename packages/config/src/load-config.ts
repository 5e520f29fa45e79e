import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigurationError, type ConfigurationProblem, type GatewayOptions, type Provider, type StoredObject } from '@sluice/core';
import { checkOptions } from './check-options.ts';
import { type Environment, fromEnvironment, variableOf } from './from-environment.ts';
import { Findings } from './mistakes.ts';
import { withoutSwitches, withSwitches } from './guardrail-switches.ts';
import { toJudgeModels } from './judge-models.ts';
import { litellmModelReader } from './model-reader.ts';
import { parseLeniently } from './parse-leniently.ts';
import { providerFinder } from './provider-finder.ts';
import type { ConfigFile } from './schema/config-file.ts';
import { toParameterRules } from './schema/parameter-rules.ts';
import { type Said, saidIn } from './said.ts';
import { toDeclared } from './to-declared.ts';
import { toGovernance } from './to-limits.ts';
import { toHealth } from './to-health.ts';
import { toModels } from './to-models.ts';
import { maker } from './make-by-package.ts';
import { lookInto, openStores, type Stores, type StoreSettings, toSaltKey, toStoreSettings } from './to-stores.ts';
import { toRulesForNew } from './to-rules-for-new.ts';
import { toPlugins } from './to-plugins.ts';
import { toRouting } from './to-router.ts';
import { withCredentials } from './with-credentials.ts';
import { yamlSource } from './yaml-source.ts';

export type LoadOptions = {
  /** Where `os.environ/NAME` and the credentials of providers are read. Default: the process's environment. */
  readonly env?: Environment;
  /** Further package.json files whose provider packages count as installed. */
  readonly packageFiles?: readonly string[];
  /** What a key of LiteLLM's that is not built yet means: a mistake (default), or a note. */
  readonly unsupported?: 'refuse' | 'note';
  /** The database of a file that names none. */
  readonly databaseUrl?: string | undefined;
  /** Stores that an earlier reading has opened, to be kept; `none` opens none, for who only looks. Default: opened. */
  readonly stores?: OpenedStores | 'none';
  /** Hears what has no effect, and what was passed over. Default: nobody does. */
  readonly onNote?: (note: ConfigurationProblem) => void;
};

export type LoadedConfig = {
  readonly options: GatewayOptions;
  /** What has no effect here, and what was passed over because it was asked to be. */
  readonly notes: readonly ConfigurationProblem[];
  /** Where the key of each deployment comes from, by the deployment's id. */
  readonly keySources: ReadonlyMap<string, string>;
  readonly stores: OpenedStores;
  /** Every value of the file, as it may be shown. */
  readonly said: readonly Said[];
  /** What its database holds of who there is, without opening it for use. Rejects where it cannot be read. */
  readonly look: () => Promise<readonly StoredObject[]>;
};

/** Stores that are open, and what the file said of them. */
export type OpenedStores = { readonly settings: StoreSettings; readonly opened: Stores };

/**
 * The gateway options in a YAML file of LiteLLM's form.
 * @throws ConfigurationError naming every mistake as `file:line:col path`.
 */
export function loadConfig(file: string, options: LoadOptions = {}): GatewayOptions {
  return readConfig(file, options).options;
}

/** As {@link loadConfig}, with what there is to say about the file. */
export function readConfig(file: string, loading: LoadOptions = {}): LoadedConfig {
  const { env = process.env, packageFiles = [], unsupported = 'refuse', databaseUrl, stores: kept, onNote } = loading;
  const source = yamlSource(file, readText(file));
  const findings = new Findings(source, unsupported);
  const own = ownVariables(source.data, env);
  const data = resolved(source.data, own, findings);
  if (!data) throw new ConfigurationError(findings.inOrder(findings.problems));
  const { options, places } = toOptions(data, { file: resolve(file), env: own, packageFiles }, findings);
  const settings = toStoreSettings(data, own, databaseUrl, findings);
  if (findings.problems.length === 0) checkOptions(options, places, findings);
  const guardrails = (options.guardrails ?? []).map(({ guardrail }) => guardrail.name);
  const declared = toDeclared(data, { hasDatabase: settings.database !== undefined, guardrails }, findings);
  if (typeof kept === 'object') checkSame(kept.settings, settings, findings);
  if (findings.problems.length > 0) throw new ConfigurationError(findings.inOrder(findings.problems));
  // Last, so that a file with a mistake opens nothing.
  const stores =
    typeof kept === 'object'
      ? kept
      : { settings, opened: kept === 'none' ? {} : openStores(settings, maker([file, ...packageFiles, import.meta.url], findings, own)) };
  if (findings.problems.length > 0) throw new ConfigurationError(findings.inOrder(findings.problems));
  const notes = findings.inOrder(findings.notes);
  for (const note of notes) onNote?.(note);
  return {
    options: { ...options, ...stores.opened, ...(declared.length > 0 && { declared }) },
    notes,
    keySources: keySourcesOf(source.data, places),
    stores,
    said: saidIn(source),
    look: () => lookInto(settings, [file, ...packageFiles, import.meta.url]),
  };
}

function checkSame(before: StoreSettings, now: StoreSettings, findings: Findings): void {
  for (const whose of ['store', 'database'] as const)
    if (JSON.stringify(before[whose]?.options) !== JSON.stringify(now[whose]?.options) || before[whose]?.name !== now[whose]?.name)
      findings.mistake(now[whose]?.path ?? before[whose]?.path ?? [], 'where things are kept is settled at the start; it changes with a new start');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigurationError([
      { place: file, message: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message },
    ]);
  }
}

/** The file's own `environment_variables` go before the process's, as in LiteLLM. */
function ownVariables(data: unknown, env: Environment): Environment {
  const { environment_variables: variables } = data as { readonly environment_variables?: unknown };
  if (typeof variables !== 'object' || variables === null) return env;
  const own = fromEnvironment(variables, env, () => undefined) as Record<string, unknown>;
  return { ...env, ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, String(value)])) };
}

/** The file with the environment filled in, if it has the right form. */
function resolved(written: unknown, env: Environment, findings: Findings): ConfigFile | undefined {
  const data = fromEnvironment(written, env, (path, name) => findings.mistake(path, `the environment variable ${name} is not set`));
  const { list, switches } = withoutSwitches(withCredentials(data, findings), findings);
  const file = parseLeniently(list, findings);
  return file && switches ? withSwitches(file, switches) : file;
}

function toOptions(
  file: ConfigFile,
  { file: path, env, packageFiles }: { readonly file: string; readonly env: Environment; readonly packageFiles: readonly string[] },
  findings: Findings,
): { options: GatewayOptions; places: ReadonlyMap<string, number> } {
  const finder = providerFinder({ file: path, packageFiles, env, named: file.providers ?? [] }, findings);
  const judges = toJudgeModels(file, findings);
  const entries = [...(file.model_list ?? []), ...judges.added];
  const { groups: found, providers, places } = toModels(entries, { finder, defaults: file.router_settings ?? {} }, findings);
  const groups = found.map((group) => (judges.added.some(({ model_name }) => model_name === group.name) ? { ...group, isHidden: true } : group));
  const { models, ...routing } = toRouting(groups, file, { path, findings });
  const keepsModels = file.general_settings?.store_model_in_db === true;
  const parameterRules = toParameterRules(file.litellm_settings ?? {});
  const options = {
    ...routing,
    ...(parameterRules && { parameterRules }),
    ...(recordsMessages(file) && { recordMessages: true }),
    ...toHealth(file),
    ...toGovernance(file, findings),
    ...toSaltKey(file, env),
    ...toRulesForNew(file),
    ...toPlugins(file, { from: [path, ...packageFiles, import.meta.url], env, judges }, findings),
    ...(file.model_list && { models, providers: keepsModels ? withOthers(providers, finder.all()) : providers }),
    ...(keepsModels && { modelReader: litellmModelReader() }),
  };
  return { options, places };
}

/** The providers of the file, and those that a model may name which comes later. */
function withOthers(used: readonly Provider[], installed: readonly Provider[]): Provider[] {
  const names = new Set(used.map(({ name }) => name));
  return [...used, ...installed.filter(({ name }) => !names.has(name) && names.add(name))];
}

const KEY_FIELDS = ['api_key', 'vertex_credentials', 'litellm_credential_name'] as const;

function keySourcesOf(written: unknown, places: ReadonlyMap<string, number>): Map<string, string> {
  const { model_list: entries = [] } = written as {
    readonly model_list?: readonly { readonly litellm_params: Readonly<Partial<Record<(typeof KEY_FIELDS)[number], unknown>>> }[];
  };
  return new Map(
    [...places].map(([id, index]) => {
      const params = entries[index]?.litellm_params ?? {};
      const key = KEY_FIELDS.map((field) => params[field]).find((value) => value !== undefined);
      return [id, key === undefined ? 'environment' : (variableOf(key) ?? 'written in the file')];
    }),
  );
}

/** Sluice's own word for it, or LiteLLM's for the contrary, where it says no. */
function recordsMessages({ litellm_settings: { log_messages: isOn, turn_off_message_logging: isOff } = {} }: ConfigFile): boolean {
  return isOn ?? isOff === false;
}
