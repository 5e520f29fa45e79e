import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Deployment, type Provider, type ProviderPackage, secret } from '@sluice/core';

/** Every provider that the packages under packages/providers bring, those of new packages as well. */
export type PackagedProvider = { readonly folder: string; readonly provider: Provider };

const FOLDER = fileURLToPath(new URL('../../packages/providers', import.meta.url));

export async function providerPackages(): Promise<readonly { readonly folder: string; readonly pack: ProviderPackage }[]> {
  const folders = readdirSync(FOLDER).sort();
  const loaded = await Promise.all(
    folders.map(async (folder) => ({ folder, pack: ((await import(join(FOLDER, folder, 'src', 'index.ts'))) as { provider?: ProviderPackage }).provider })),
  );
  // One whose providers are made by its users has none of its own.
  return loaded.flatMap(({ folder, pack }) => (pack ? [{ folder, pack }] : []));
}

export async function packagedProviders(): Promise<readonly PackagedProvider[]> {
  return (await providerPackages()).flatMap(({ folder, pack }) => pack.providers.map((provider) => ({ folder, provider })));
}

/** Models that are asked in different ways, where the provider does so. */
const MODELS: Readonly<Record<string, readonly string[]>> = {
  anthropic: ['claude-3-haiku-20240307', 'claude-sonnet-4-5', 'claude-opus-4-6'],
  google: ['gemini-2.0-flash', 'gemini-2.5-flash', 'gemini-3-pro-preview'],
  bedrock: ['anthropic.claude-3-haiku-20240307-v1:0', 'amazon.nova-pro-v1:0', 'meta.llama3-1-70b-instruct-v1:0', 'openai.gpt-oss-120b-1:0'],
};

/** What addresses and credentials ask for, whoever does. */
const OPTIONS = {
  account_id: 'account',
  tenant_id: 'tenant',
  deployment: 'deployment',
  region: 'eu-west-1',
  project: 'project',
  location: 'europe-west1',
  project_id: 'project',
  api_version: '2024-10-21',
};

/** Packages whose calls are signed, and take no key. */
const SIGNED: ReadonlySet<string> = new Set(['sagemaker']);

/** Deployments with which a provider's mappings can be asked, one for each kind of model. */
export function deploymentsOf({ folder, provider }: PackagedProvider): readonly Deployment[] {
  return (MODELS[folder] ?? ['recorded']).map((model) => ({
    id: `${provider.name}/${model}`,
    provider: provider.name,
    model,
    baseUrl: 'https://host.example/v1',
    ...(SIGNED.has(folder) ? { options: { ...OPTIONS, aws_region_name: 'eu-west-1' } } : { apiKey: secret('sk-of-the-provider'), options: OPTIONS }),
  }));
}
