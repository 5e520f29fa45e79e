import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLOSED_HOSTS, PRESETS } from '@sluice/provider-openai';
import { HOSTS } from '../recordings/hosts.ts';
import { openaiHosts } from '../recordings/hosts/openai.ts';
import { deploymentsOf, type PackagedProvider, providerPackages } from '../support/provider-packages.ts';
import { BASE } from './chat-parameters.ts';
import { type Description, describeProvider } from './describe-provider.ts';
import { keyVariables } from './key-variables.ts';

type Facts = {
  readonly litellm: string;
  readonly founding: string;
  readonly noProvider: Readonly<Record<string, string>>;
  /** Why others are not reached. */
  readonly unreached: Readonly<Record<string, string>>;
};

export type Row = {
  readonly id: string;
  readonly reach: 'package' | 'preset' | 'none' | 'no provider';
  /** The package, or why there is none. */
  readonly by: string;
  readonly description?: Description;
  readonly keys: readonly string[];
  readonly evidence: string;
  /** The id that means the same, and that discovery finds. */
  readonly sameAs?: string;
};

const HERE = fileURLToPath(new URL('.', import.meta.url));
const FACTS = JSON.parse(readFileSync(join(HERE, 'provider-ids.json'), 'utf8')) as Facts;
/** Names under which a provider is asked for, and has another here. */
const OTHER_NAMES: Readonly<Record<string, string>> = { google: 'gemini', litellm: 'litellm_proxy', custom: '' };

export const LITELLM_IDS: readonly string[] = FACTS.litellm.split(' ');
export const FOUNDING_IDS: readonly string[] = FACTS.founding.split(' ');

/** Every provider that anybody has asked for or any package brings, by its name, with how it is reached and what shows it. */
export async function providerRows(): Promise<readonly Row[]> {
  const packages = await providerPackages();
  // Where another package brings one of the same name, that one is used.
  const known = new Map<string, { readonly packaged: PackagedProvider; readonly gives: boolean; readonly keys: readonly string[] }>();
  for (const { folder, pack } of [...packages].sort((a, b) => Number(b.pack.givesWay ?? false) - Number(a.pack.givesWay ?? false))) {
    const keys = keyVariables(pack);
    for (const provider of pack.providers)
      known.set(provider.name, { packaged: { folder, provider }, gives: pack.givesWay === true, keys: keys.get(provider.name) ?? [] });
  }
  const ids = [...new Set([...LITELLM_IDS, ...FOUNDING_IDS, ...known.keys(), ...Object.keys(CLOSED_HOSTS)])].sort();
  return ids.map((id): Row => {
    const found = known.get(id) ?? known.get(OTHER_NAMES[id] ?? '');
    if (!found) return unreached(id);
    const { packaged, gives } = found;
    const same = found.keys.length > 0 ? undefined : [...known.values()].find((other) => other.keys.length > 0 && isSame(packaged, other.packaged));
    const keys = same?.keys ?? found.keys;
    return {
      id,
      ...(same && { sameAs: same.packaged.provider.name }),
      reach: gives ? 'preset' : 'package',
      by: `@sluice/provider-${packaged.folder}`,
      description: describeProvider(packaged),
      keys,
      evidence: evidenceOf(packaged, gives),
    };
  });
}

/** Of one package, with one address. */
function isSame(one: PackagedProvider, other: PackagedProvider): boolean {
  const address = addressOf(one);
  return one.folder === other.folder && address !== undefined && address === addressOf(other);
}

function addressOf({ folder, provider }: PackagedProvider): string | undefined {
  const [deployment] = deploymentsOf({ folder, provider });
  const [mapping] = Object.values(provider.operations);
  if (!deployment || !mapping) return undefined;
  const { baseUrl: _, ...atHome } = deployment;
  try {
    return mapping.toRequest({ operation: 'chat', request: { ...BASE, model: 'm', input: ['x'] }, deployment: atHome }).url;
  } catch {
    // Every customer has an address of their own.
    return undefined;
  }
}

function unreached(id: string): Row {
  const reason = FACTS.noProvider[id];
  const by = reason ?? CLOSED_HOSTS[id] ?? FACTS.unreached[id] ?? '';
  return { id, reach: reason === undefined ? 'none' : 'no provider', by, keys: [], evidence: 'none' };
}

/** Names of a preset, by each of them. */
const PRESET_OF: ReadonlyMap<string, string> = new Map(PRESETS.flatMap(({ name, aliases = [] }) => aliases.map((alias) => [alias, name] as const)));

const RECORDED: ReadonlySet<string> = new Set(HOSTS.map(({ provider }) => provider.name));
/** Where a package of its own goes first under a name, the recordings prove that package and not the preset. */
const RECORDED_PRESETS: ReadonlySet<string> = new Set(openaiHosts.map(({ provider }) => provider.name));

/** Recordings that the tests replay, else what the package says of its tests, else nothing. */
function evidenceOf({ folder, provider }: PackagedProvider, isPreset: boolean): string {
  const preset = (isPreset && PRESET_OF.get(provider.name)) || provider.name;
  if (RECORDED.has(provider.name) || RECORDED_PRESETS.has(preset)) return 'recordings';
  const { sluice } = JSON.parse(readFileSync(join(HERE, '../../packages/providers', folder, 'package.json'), 'utf8')) as {
    readonly sluice?: { readonly evidence?: string | Readonly<Record<string, string>> };
  };
  const evidence = typeof sluice?.evidence === 'object' ? sluice.evidence[preset] : sluice?.evidence;
  return evidence ?? (isPreset ? 'form' : 'none');
}
