import type { DiscoveredProvider, Provider, ProviderPackage } from '@sluice/core';
import { didYouMean, matchesWildcard } from '@sluice/core';
import { type Environment, findHostPackage, installedProviders, readHostPackage } from '@sluice/core/node';
import { dirname } from 'node:path';
import { loadPackage } from './load-package.ts';
import type { Findings } from './mistakes.ts';
import type { Path } from './yaml-source.ts';

/** Names of providers that people write for others. */
export const OTHER_NAMES: Readonly<Record<string, string>> = { google: 'gemini' };

export type ProviderFinder = {
  /** The provider of this name, with what the environment holds for it. A name that nobody brings is told. */
  find(name: string, path: Path): { readonly provider: Provider; readonly discovered: DiscoveredProvider | undefined } | undefined;
  /** Every provider that is installed. */
  all(): readonly Provider[];
  /** The provider that is known for a bare model name. */
  nameFor(model: string): string | undefined;
};

export type FinderOptions = {
  readonly file: string;
  /** Further package.json files whose provider packages count as installed. */
  readonly packageFiles: readonly string[];
  readonly env: Environment;
  /** Named in the file itself. */
  readonly named: readonly string[];
};

/** Looks among the packages of the host, those the file names, and, by convention, the one called after the provider. */
export function providerFinder({ file, packageFiles, env, named }: FinderOptions, findings: Findings): ProviderFinder {
  const hosts = [findHostPackage(dirname(file), findings.problems), ...packageFiles.map((path) => readHostPackage(path, findings.problems))].filter(
    (host) => host !== undefined,
  );
  const from = [file, ...packageFiles, import.meta.url];
  const packages = installedProviders(hosts, findings.problems).map(({ pack }) => pack);
  for (const [index, name] of named.entries()) add(name, ['providers', index]);

  const convention = new Map<string, Provider | undefined>();

  return {
    find(name, path) {
      const wanted = OTHER_NAMES[name] ?? name;
      const provider = providers().find((candidate) => candidate.name === wanted) ?? byConvention(wanted);
      if (provider) return { provider, discovered: discovered().find((found) => found.provider.name === wanted) };
      const suggestion =
        didYouMean(
          wanted,
          providers().map((candidate) => candidate.name),
        ) ?? `Install the package that brings it, such as @sluice/provider-${wanted}.`;
      findings.mistake(path, `no installed package brings a provider '${wanted}'`, suggestion);
      return undefined;
    },
    all: providers,
    nameFor: (model) => discovered().find(({ models = [] }) => models.some((pattern) => matchesWildcard(pattern, model)))?.provider.name,
  };

  function providers(): Provider[] {
    return packages.flatMap((pack) => pack.providers);
  }

  function discovered(): DiscoveredProvider[] {
    return packages.flatMap((pack) => pack.discover(env));
  }

  function byConvention(name: string): Provider | undefined {
    if (!convention.has(name)) {
      const loaded = loadPackage('provider', name, from);
      const pack = 'exported' in loaded ? (loaded.exported as ProviderPackage) : undefined;
      if (pack) packages.push(pack);
      convention.set(
        name,
        pack?.providers.find((provider) => provider.name === name),
      );
    }
    return convention.get(name);
  }

  function add(name: string, path: Path): void {
    const loaded = loadPackage('provider', name, from);
    if ('failure' in loaded) findings.mistake(path, loaded.failure);
    else packages.push(loaded.exported as ProviderPackage);
  }
}
