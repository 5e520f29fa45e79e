import type { ConfigurationProblem } from '../errors/configuration-error.ts';
import type { DiscoveredProvider, Provider, ProviderPackage } from '../provider/provider.ts';
import type { Deployment } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';
import { type HostPackage, loadFailure, NOT_INSTALLED } from './host-package.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

type Installed = { readonly name: string; readonly pack: ProviderPackage };

const PROVIDER_NAME = /^(@sluice\/provider-|sluice-provider-|@[^/]+\/sluice-provider-)/;

/** The provider packages among the host's dependencies, those that give way last. Names come from package.json, never from a request. */
export function installedProviders(hosts: readonly HostPackage[], problems: ConfigurationProblem[]): Installed[] {
  const found = new Map<string, Installed>();
  for (const host of hosts) {
    for (const name of host.dependencies) {
      if (!PROVIDER_NAME.test(name) || found.has(name)) continue;
      const pack = loadProviderPackage(host, name, problems);
      if (pack) found.set(name, { name, pack });
    }
  }
  const packages = [...found.values()];
  return [...packages.filter(({ pack }) => !pack.givesWay), ...packages.filter(({ pack }) => pack.givesWay)];
}

function loadProviderPackage(host: HostPackage, name: string, problems: ConfigurationProblem[]): ProviderPackage | undefined {
  const place = `${host.file} dependencies.${name}`;
  try {
    const { provider } = host.load(name) as { readonly provider?: Partial<ProviderPackage> };
    if (typeof provider?.discover === 'function' && Array.isArray(provider.providers)) return provider as ProviderPackage;
    problems.push({ place, message: 'exports no `provider` with `providers` and `discover`' });
  } catch (error) {
    const message = loadFailure(error, name);
    if (!host.optional.includes(name) || message !== NOT_INSTALLED) problems.push({ place, message });
  }
  return undefined;
}

/** Those whose credentials are in `env`; a stand-in only when there is nothing else, and never in production. */
export function enabledProviders(
  installed: readonly Installed[],
  env: Environment,
): { readonly discovered: DiscoveredProvider[]; readonly areStandIns: boolean } {
  const found = (isStandIn: boolean): DiscoveredProvider[] =>
    installed.filter(({ pack }) => (pack.isStandIn ?? false) === isStandIn).flatMap(({ pack }) => pack.discover(env));
  const real = found(false);
  if (real.length > 0 || env.NODE_ENV === 'production') return { discovered: real, areStandIns: false };
  const standIns = found(true);
  return { discovered: standIns, areStandIns: standIns.length > 0 };
}

/**
 * A group for each provider (`openai/*`), one for each bare name it is known for, and, when a single provider
 * is there whose bare names are unknown, `*`. The first provider to claim a name keeps it.
 */
export function groupsFor(discovered: readonly DiscoveredProvider[]): ModelGroup[] {
  const groups = new Map<string, ModelGroup>();
  for (const found of discovered) {
    const { name } = found.provider;
    add(`${name}/*`, '*', found);
    for (const model of found.models ?? []) add(model, model, found);
  }
  const [only] = discovered;
  if (only && discovered.length === 1 && only.models === undefined) add('*', '*', only);
  return [...groups.values()];

  function add(group: string, model: string, { provider, deployment }: DiscoveredProvider): void {
    if (groups.has(group)) return;
    const id = group === `${provider.name}/*` ? provider.name : `${provider.name}:${group}`;
    groups.set(group, { name: group, deployments: [{ ...deployment, id, provider: provider.name, model } satisfies Deployment] });
  }
}

/** The providers that `models` mention, credentials in the environment or not. */
export function providersOf(models: readonly ModelGroup[], installed: readonly Installed[]): Provider[] {
  const names = new Set(models.flatMap(({ deployments }) => deployments.map(({ provider }) => provider)));
  return installed.flatMap(({ pack }) => pack.providers).filter(({ name }) => names.has(name));
}
