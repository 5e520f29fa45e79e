import { ConfigurationError, didYouMean, type JsonObject, type ModelReader, type Provider } from '@sluice/core';
import { type Environment, fromEnvironment } from './from-environment.ts';
import { Findings } from './mistakes.ts';
import { parseLeniently } from './parse-leniently.ts';
import { OTHER_NAMES, type ProviderFinder } from './provider-finder.ts';
import type { ModelEntry } from './schema/model-list.ts';
import { isAutoRouter } from './to-auto-routers.ts';
import { toModels } from './to-models.ts';
import { formatPath, type Path } from './yaml-source.ts';

export type ModelReaderOptions = {
  /**
   * What `os.environ/NAME` may mean. Default: nothing, for who may add models would then read every variable of the
   * process, by sending it to an address of theirs.
   */
  readonly env?: Environment;
};

/** What LiteLLM and its pages write beside a model, and Sluice reads elsewhere or not at all. */
const BOOKKEEPING: readonly string[] = ['db_model', 'blocked', 'created_at', 'created_by', 'updated_at', 'updated_by', 'team_public_model_name'];

/**
 * Reads models as scripts send them to LiteLLM's `/model/new` and as a directory keeps them: `model_name`,
 * `litellm_params` and `model_info`, with the keys, the values and the mistakes of a configuration file.
 *
 * @example createGateway({ directory, modelReader: litellmModelReader(), … })
 */
export function litellmModelReader({ env = {} }: ModelReaderOptions = {}): ModelReader {
  return (body, providers) => {
    const findings = new Findings({ data: body, place: toPlace }, 'refuse');
    const written = fromEnvironment({ model_list: [toEntry(body)] }, env, (path, name) =>
      findings.mistake(path, `the environment variable ${name} is not set`),
    );
    const [entry] = parseLeniently(written, findings)?.model_list ?? [];
    if (entry && isAutoRouter(entry)) findings.mistake([...ENTRY, 'litellm_params', 'model'], 'a choice among models is written in the configuration file');
    if (entry && !bringsItsKey(entry.litellm_params)) findings.mistake([...ENTRY, 'litellm_params', 'api_key'], WITHOUT_KEY);
    const models =
      entry && findings.problems.length === 0 ? toModels([entry], { finder: finderAmong(providers, findings), defaults: {} }, findings) : undefined;
    const [group] = models?.groups ?? [];
    const [deployment] = group?.deployments ?? [];
    if (!group || !deployment || findings.problems.length > 0) throw new ConfigurationError(findings.problems, 'This model cannot be taken');
    const { id: _, ...rest } = deployment;
    return { name: group.name, deployment: rest };
  };
}

const WITHOUT_KEY =
  "is missing: a model with an address of its own brings its key, so that none of the gateway's is sent there; `none` will do for one that asks for none";

/** Providers look for a key in the environment where a deployment has none, and that key is for their own address. */
function bringsItsKey({ api_base, base_url, api_key }: ModelEntry['litellm_params']): boolean {
  return (api_base ?? base_url) === undefined || api_key !== undefined;
}

const ENTRY: Path = ['model_list', 0];

/** Where it stands within the entry. */
function toPlace(path: Path): { readonly place: string; readonly offset: number } {
  return { place: formatPath(path.slice(ENTRY.length)), offset: 0 };
}

/** Forms send `null` for what is left empty. */
function toEntry({ model_name, litellm_params, model_info }: JsonObject): JsonObject {
  return {
    ...(typeof model_name === 'string' && { model_name }),
    ...(litellm_params !== undefined && { litellm_params: filled(litellm_params) }),
    ...(model_info !== undefined && model_info !== null && { model_info: filled(model_info, BOOKKEEPING) }),
  };
}

function filled(value: unknown, without: readonly string[] = []): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name, field]) => field !== null && !without.includes(name)));
}

/** Providers by name only: what they ask of a deployment is checked by the gateway that has them. */
function finderAmong(names: readonly string[], findings: Findings): ProviderFinder {
  return {
    find(name, path) {
      const wanted = OTHER_NAMES[name] ?? name;
      if (names.includes(wanted)) return { provider: { name: wanted, operations: {} } satisfies Provider, discovered: undefined };
      findings.mistake(path, `this gateway has no provider '${wanted}'`, didYouMean(wanted, names));
      return undefined;
    },
    all: () => [],
    nameFor: () => undefined,
  };
}
