import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ConfigurationError, ConfigurationProblem } from '../errors/configuration-error.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { GatewayOptions } from '../gateway/options.ts';
import type { Environment } from './discover-providers.ts';
import { type HostPackage, loadFailure, NOT_INSTALLED } from './host-package.ts';

const NAMES = ['sluice.config.js', 'sluice.config.mjs', 'sluice.config.ts', 'sluice.config.yaml', 'sluice.config.yml', 'litellm_config.yaml'] as const;
const CONFIG_PACKAGE = '@sluice/config';

type YamlOptions = {
  readonly env: Environment;
  /** Whose dependencies count as installed. */
  readonly packageFiles: readonly string[];
  readonly onNote: (note: ConfigurationProblem) => void;
};

type ConfigPackage = { loadConfig(file: string, options: YamlOptions): GatewayOptions };

/** Reads a YAML file into options. @throws ConfigurationError */
export type YamlReader = ConfigPackage['loadConfig'];

type ConfigSource = {
  /** Default: the one that stands in the first of `folders` that has any. */
  readonly file: string | undefined;
  readonly folders: readonly string[];
  /** Default: that of the configuration package the host has installed. */
  readonly readYaml: YamlReader | undefined;
  /** Those whose dependencies may be loaded, the host's first. */
  readonly packages: readonly HostPackage[];
  readonly env: Environment;
  readonly print: (line: string) => void;
};

/** The options in the host's configuration file, none if it has no such file, nothing if that cannot be read. */
export function readHostConfig(source: ConfigSource, problems: ConfigurationProblem[]): GatewayOptions | undefined {
  const file = source.file ?? source.folders.map((folder) => findConfigFile(folder, problems)).find((found) => found !== undefined);
  if (file === undefined) return {};
  return /\.ya?ml$/.test(file) ? readYaml(file, source, problems) : readModule(file, problems);
}

function findConfigFile(folder: string, problems: ConfigurationProblem[]): string | undefined {
  const [name, another] = NAMES.filter((candidate) => existsSync(join(folder, candidate)));
  if (another !== undefined)
    problems.push({ place: join(folder, another), message: `stands beside ${name}, and only one configuration can be meant; remove one of them` });
  return name && join(folder, name);
}

function readYaml(file: string, { packages, env, print, readYaml: given }: ConfigSource, problems: ConfigurationProblem[]): GatewayOptions | undefined {
  const read = given ?? loadConfigPackage(file, packages, problems)?.loadConfig;
  try {
    return read?.(file, { env, packageFiles: packages.map((found) => found.file), onNote: ({ place, message }) => print(`${place}: ${message}`) });
  } catch (error) {
    if (!isConfigurationError(error)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

function loadConfigPackage(file: string, packages: readonly HostPackage[], problems: ConfigurationProblem[]): ConfigPackage | undefined {
  let failure: string = NOT_INSTALLED;
  for (const { load } of packages) {
    try {
      return load(CONFIG_PACKAGE) as ConfigPackage;
    } catch (error) {
      failure = loadFailure(error, CONFIG_PACKAGE);
    }
  }
  problems.push({ place: file, message: `is read by ${CONFIG_PACKAGE}, which ${failure}.`, suggestion: `Run: npm install ${CONFIG_PACKAGE}` });
  return undefined;
}

function readModule(file: string, problems: ConfigurationProblem[]): GatewayOptions | undefined {
  try {
    const module = createRequire(file)(file) as { readonly default?: unknown };
    const options = module.default ?? module;
    if (typeof options === 'object' && options !== null && !isEmptyModule(module)) return options as GatewayOptions;
    problems.push({ place: file, message: 'has no default export with the options of the gateway' });
  } catch (error) {
    problems.push({ place: file, message: withoutTypeScript(file) ?? loadFailure(error, file) });
  }
  return undefined;
}

/** An ES module that exports nothing by default, as against a CommonJS module, which is its exports. */
function isEmptyModule(module: object): boolean {
  return !('default' in module) && Object.prototype.toString.call(module) === '[object Module]';
}

function withoutTypeScript(file: string): string | undefined {
  const { typescript } = process.features as { readonly typescript?: unknown };
  if (!file.endsWith('.ts') || typescript) return undefined;
  return `is TypeScript, which Node ${process.versions.node} does not run by itself; use Node 22.18 or later, or write it as sluice.config.mjs`;
}

function isConfigurationError(error: unknown): error is ConfigurationError {
  return GatewayError.is(error) && error.code === 'configuration_invalid' && 'problems' in error;
}
