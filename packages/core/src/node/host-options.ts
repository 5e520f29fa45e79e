import { ConfigurationError, type ConfigurationProblem } from '../errors/configuration-error.ts';
import type { GatewayOptions } from '../gateway/options.ts';
import type { Provider } from '../provider/provider.ts';
import { enabledProviders, type Environment, groupsFor, installedProviders, providersOf } from './discover-providers.ts';
import { readHostConfig, type YamlReader } from './host-config-file.ts';
import { findHostPackage, type HostPackage, readHostPackage } from './host-package.ts';
import { masterKeyFor, newKeyNotice } from './master-key.ts';

/** Where the gateway is mounted. */
export type HostOptions = {
  /** The nearest package.json from here upwards is the host's. Default: the working directory. */
  readonly cwd?: string;
  readonly env?: Environment;
  /** A configuration file to read in place of the one here or beside package.json; `false` reads none. */
  readonly configFile?: string | false;
  /** Reads YAML in place of the configuration package the host has installed. */
  readonly readYaml?: YamlReader;
  /** A further package.json whose provider packages count as installed. */
  readonly packageFile?: string;
  /** Shows what has to be seen, such as a generated key. Default: standard error. */
  readonly print?: (line: string) => void;
  /** Hears of a generated key in place of `print`. */
  readonly onNewKey?: (key: string) => void;
};

/**
 * Marks what came from here, for a host that completes its options itself and hands them to an adapter. A property,
 * because an adapter may hand on a copy; a symbol, because it is no option.
 */
const COMPLETE = Symbol.for('sluice.options.complete');

/**
 * Completes a mount's options with what the host provides: its configuration file, its installed providers, the
 * credentials in its environment, and a master key. What the options say goes before what is found; options that
 * are complete come back as they are.
 * @throws ConfigurationError naming every mistake.
 */
export function hostOptions<Host = unknown>(options: GatewayOptions<Host> = {}, host: HostOptions = {}): GatewayOptions<Host> {
  if (COMPLETE in options) return options;
  const { cwd = process.cwd(), env = process.env, print = printToStderr } = host;
  const { onNewKey = (key: string) => print(newKeyNotice(key)) } = host;
  const problems: ConfigurationProblem[] = [];
  const home = findHostPackage(cwd, problems);
  const further = host.packageFile === undefined ? undefined : readHostPackage(host.packageFile, problems);
  const packages = [home, further].filter((found) => found !== undefined);

  const folders = [...new Set([cwd, home?.folder ?? cwd])];
  const fromFile = host.configFile === false ? {} : readHostConfig({ file: host.configFile, folders, readYaml: host.readYaml, packages, env, print }, problems);
  const merged = { ...fromFile, ...withoutUndefined(options) } as GatewayOptions<Host>;
  // A file that cannot be read may well have said which models there are, and who may call.
  const found = findProviders(merged, packages, { env, print: fromFile ? print : silent, problems });
  const masterKey = fromFile && masterKeyFor(merged, env, { print, onNewKey }, problems);
  if (problems.length > 0) throw new ConfigurationError(withoutRepeats(problems));
  return { ...merged, ...found, ...(masterKey === undefined ? {} : { masterKey }), [COMPLETE]: true } as GatewayOptions<Host>;
}

type Search = { readonly env: Environment; readonly print: (line: string) => void; readonly problems: ConfigurationProblem[] };

function findProviders<Host>(
  options: GatewayOptions<Host>,
  packages: readonly HostPackage[],
  { env, print, problems }: Search,
): Pick<GatewayOptions, 'providers' | 'models'> {
  const { providers: given = [], models } = options;
  if (models && isComplete(models, given)) return { providers: given, models };
  const installed = installedProviders(packages, problems);
  if (models) return { models, providers: union(given, providersOf(models, installed)) };

  const { discovered, areStandIns } = enabledProviders(installed, env);
  if (areStandIns)
    print(`Sluice found no provider's key in the environment, so a stand-in answers: ${discovered.map(({ provider }) => provider.name).join(', ')}.`);
  if (discovered.length === 0 && problems.length === 0) problems.push(nothingFound(installed.map(({ name }) => name)));
  return {
    models: groupsFor(discovered),
    providers: union(
      given,
      discovered.map(({ provider }) => provider),
    ),
  };
}

function isComplete(models: NonNullable<GatewayOptions['models']>, providers: readonly Provider[]): boolean {
  const names = new Set(providers.map(({ name }) => name));
  return models.every(({ deployments }) => deployments.every(({ provider }) => names.has(provider)));
}

function nothingFound(installed: readonly string[]): ConfigurationProblem {
  return installed.length === 0
    ? { place: 'providers', message: 'no model can be called: no provider package is among the dependencies (@sluice/provider-*, sluice-provider-*)' }
    : {
        place: 'models',
        message: `no model can be called: none of ${installed.join(', ')} finds its credentials in the environment, and no models are configured`,
      };
}

/** What was given goes before what was found under the same name, and what was found first before what was found later. */
function union(given: readonly Provider[], found: readonly Provider[]): Provider[] {
  const lastFirst = [...given, ...found].reverse();
  return [...new Map(lastFirst.map((provider) => [provider.name, provider])).values()].reverse();
}

/** The configuration and the discovery may both have met the same broken package. */
function withoutRepeats(problems: readonly ConfigurationProblem[]): ConfigurationProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.place}: ${problem.message}`, problem])).values()];
}

/** So that an option which is there but undefined does not hide the file's. */
function withoutUndefined(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function silent(): void {}

function printToStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
