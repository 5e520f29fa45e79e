import { type DiscoveredProvider, type ProviderPackage, secret } from '@sluice/core';
import { type Environment, firstSet } from '@sluice/openai-wire';
import { baseUrlVariables, presetProvider } from './preset-provider.ts';
import { type Preset, PRESETS } from './presets.ts';

/** For discovery in a host's dependencies, and for configuration files. */
export const provider: ProviderPackage = {
  givesWay: true,
  providers: PRESETS.flatMap(({ name, aliases = [] }) => [name, ...aliases]).map((name) => presetProvider(name)),
  discover: (env) => PRESETS.flatMap((preset) => discoverPreset(preset, env) ?? []),
};

/** A host is enabled by its key, one's own server by its address, a customer's own address by both. */
function discoverPreset(preset: Preset, env: Environment): DiscoveredProvider | undefined {
  const key = firstSet(env, preset.keys);
  const baseUrl = firstSet(env, baseUrlVariables(preset));
  const hasParts = Object.values(preset.variables ?? {}).every((variable) => env[variable]);
  const isEnabled = preset.isOwnServer ? baseUrl !== undefined : key !== undefined && hasParts && (baseUrl ?? preset.baseUrl) !== undefined;
  if (!isEnabled) return undefined;
  return {
    provider: presetProvider(preset.name, { env }),
    deployment: { ...(key !== undefined && { apiKey: secret(key) }), ...(baseUrl !== undefined && { baseUrl }) },
    ...(preset.models && { models: preset.models }),
  };
}
