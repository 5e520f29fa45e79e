import { fileURLToPath } from 'node:url';
import type { GatewayOptions } from '@sluice/core';
import { type Environment, hostOptions, type YamlReader } from '@sluice/core/node';
import { type LoadedConfig, type LoadOptions, type OpenedStores, readConfig } from '@sluice/config';

export type LoadRequest = {
  readonly configFile: string | undefined;
  readonly cwd: string;
  readonly env: Environment;
  readonly ignoreUnsupported: boolean;
  /** As the configuration's: kept from an earlier reading, or none. */
  readonly stores?: LoadOptions['stores'];
};

export type LoadedOptions = {
  readonly options: GatewayOptions;
  /** The key that was made, where nothing said who may call. */
  readonly newKey: string | undefined;
  /** What there is to say about the configuration, a line each. */
  readonly notes: readonly string[];
  readonly keySources: LoadedConfig['keySources'];
  readonly stores: OpenedStores | undefined;
  /** The YAML file that was read, and what it says. */
  readonly file: string | undefined;
  readonly said: LoadedConfig['said'];
  /** What the API has written, of what the file's database holds. */
  readonly look: LoadedConfig['look'];
};

/** Our own dependencies count as installed, so that the command works in any folder. */
const OWN_PACKAGE = fileURLToPath(new URL('../package.json', import.meta.url));

/**
 * The options of a standalone gateway: the configuration, and what the working directory provides.
 * @throws ConfigurationError naming every mistake.
 */
export function loadOptions({ configFile, cwd, env, ignoreUnsupported, stores }: LoadRequest): LoadedOptions {
  let config: LoadedConfig | undefined;
  let yamlFile: string | undefined;
  let newKey: string | undefined;
  const notes: string[] = [];

  function readYaml(file: string, found: Parameters<YamlReader>[1]): GatewayOptions {
    yamlFile = file;
    config = readConfig(file, { ...found, unsupported: ignoreUnsupported ? 'note' : 'refuse', databaseUrl: env.DATABASE_URL, ...(stores && { stores }) });
    return config.options;
  }

  const options = hostOptions(
    {},
    {
      cwd,
      env,
      readYaml,
      packageFile: OWN_PACKAGE,
      ...(configFile === undefined ? {} : { configFile }),
      print: (line) => notes.push(line),
      onNewKey: (key) => (newKey = key),
    },
  );
  return {
    options,
    newKey,
    notes,
    keySources: config?.keySources ?? new Map(),
    stores: config?.stores,
    file: yamlFile,
    said: config?.said ?? [],
    look: config?.look ?? (() => Promise.resolve([])),
  };
}
