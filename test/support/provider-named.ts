import type { Provider, ProviderPackage } from '@sluice/core';
import { provider as azure } from '@sluice/provider-azure';
import { provider as huggingface } from '@sluice/provider-huggingface';
import { provider as mistral } from '@sluice/provider-mistral';
import { presetProvider } from '@sluice/provider-openai';

/** Packages about a few providers, each of which is tested as what it claims to be: a host that speaks nearly OpenAI's API. */
const OWN: readonly ProviderPackage[] = [azure, huggingface, mistral];

/** The provider of that name, from the package that knows it best. */
export function providerNamed(name: string): Provider {
  return OWN.flatMap(({ providers }) => providers).find((provider) => provider.name === name) ?? presetProvider(name, { env: {} });
}
