import type { ProviderPackage } from '@sluice/core';

type Env = Record<string, string>;

/** Good for a key and for an address. */
const ANYTHING = 'https://host.example/v1';

/** The variables by which each provider of a package is found in the environment, the fewest that do: found out by trying. */
export function keyVariables(pack: ProviderPackage): ReadonlyMap<string, readonly string[]> {
  const names = variablesRead(pack);
  const found = new Map<string, readonly string[]>();
  for (const name of names) for (const provider of foundWith(pack, { [name]: ANYTHING })) if (!found.has(provider)) found.set(provider, [name]);
  const all = Object.fromEntries(names.map((name) => [name, ANYTHING]));
  for (const provider of foundWith(pack, all)) if (!found.has(provider)) found.set(provider, fewest(pack, provider, names));
  return found;
}

function fewest(pack: ProviderPackage, provider: string, names: readonly string[]): readonly string[] {
  let needed = [...names];
  for (const name of [...names].reverse()) {
    const without = needed.filter((candidate) => candidate !== name);
    if (foundWith(pack, Object.fromEntries(without.map((candidate) => [candidate, ANYTHING]))).has(provider)) needed = without;
  }
  return needed;
}

/** What it asks for when it finds nothing, and what when it finds everything. */
function variablesRead(pack: ProviderPackage): readonly string[] {
  const names = new Set<string>();
  for (const value of [undefined, ANYTHING]) {
    const env = new Proxy<Env>({}, { get: (_, name) => (typeof name === 'string' && names.add(name) ? value : undefined) });
    foundWith(pack, env);
  }
  return [...names];
}

function foundWith(pack: ProviderPackage, env: Env): Set<string> {
  try {
    return new Set(pack.discover(env).map(({ provider }) => provider.name));
  } catch {
    // What stands for anything is not a file of credentials, say.
    return new Set();
  }
}
