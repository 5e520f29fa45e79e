import { ConfigurationError, didYouMean, type Provider, type Secret } from '@sluice/core';
import { type Environment, type Host, toProvider, toSecret } from '@sluice/openai-wire';
import { CLOSED_HOSTS } from './closed-hosts.ts';
import { type Preset, PRESETS } from './presets.ts';

export type PresetOptions = {
  /** For deployments that bring none. Default: the host's variable in the environment. */
  readonly apiKey?: string | Secret | undefined;
  /** Default: the host's variable in the environment (such as `GROQ_API_BASE`), then the host's own address. */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

const byName = new Map<string, Preset>(PRESETS.flatMap((preset) => [preset.name, ...(preset.aliases ?? [])].map((name) => [name, preset] as const)));

/**
 * The provider of a known host, by its name or an alias. It bears the name that was asked for.
 *
 * @example presetProvider('groq')
 * @throws ConfigurationError for a host that is not known.
 */
export function presetProvider(name: string, { apiKey, baseUrl, headers, env = process.env }: PresetOptions = {}): Provider {
  const preset = byName.get(name);
  if (!preset) {
    const suggestion = CLOSED_HOSTS[name] ?? didYouMean(name, byName.keys());
    throw new ConfigurationError([{ place: 'name', message: `No preset is named '${name}'.`, ...(suggestion !== undefined && { suggestion }) }]);
  }
  const host: Host = {
    ...preset,
    name,
    needsKey: !preset.isOwnServer,
    operations: preset.operations ?? ['chat'],
    quirks: preset.quirks ?? [],
    apiKey: toSecret(apiKey),
    headers,
    fromEnvironment: { env, keys: preset.keys, baseUrls: baseUrlVariables(preset), parts: preset.variables ?? {} },
  };
  return toProvider(
    baseUrl === undefined ? host : { ...host, baseUrl, fromEnvironment: { env, keys: preset.keys, baseUrls: [], parts: preset.variables ?? {} } },
  );
}

/** `OPENAI_API_BASE` and `OPENAI_BASE_URL`, and so on. */
export function baseUrlVariables({ name }: Preset): readonly string[] {
  const prefix = name.toUpperCase().replaceAll('-', '_');
  return [`${prefix}_API_BASE`, `${prefix}_BASE_URL`];
}
