import { type Deployment, GatewayError } from '@sluice/core';
import type { AiSdkProvider, ByProvider } from './specification.ts';

/** What a `createXyz` of an AI SDK package takes, as far as a deployment can say it. */
export type AiSdkSettings = { readonly apiKey?: string; readonly baseURL?: string };

/** A ready provider, or the `createXyz` that makes one for each deployment with the deployment's key and address. */
export type AiSdkSource = AiSdkProvider | ((settings: AiSdkSettings) => AiSdkProvider);

export type ProviderOf = (deployment: Deployment) => AiSdkProvider;

/** The AI SDK's provider behind each deployment. Made once a deployment. */
export function providers(source: AiSdkSource): ProviderOf {
  if (isReady(source)) return () => source;
  const known = new WeakMap<Deployment, AiSdkProvider>();
  return (deployment) => {
    let made = known.get(deployment);
    if (!made) known.set(deployment, (made = source(settingsOf(deployment))));
    return made;
  };
}

/** What keeps a deployment from being called, in words for whoever configures it. */
export function problemsOf(source: AiSdkSource, { apiKey, baseUrl }: Deployment): readonly string[] {
  if (!isReady(source)) return [];
  const [field] = [apiKey && 'apiKey (api_key)', baseUrl !== undefined && 'baseUrl (api_base)'].filter((name) => typeof name === 'string');
  if (field === undefined) return [];
  return [`${field} has no effect: this provider was made with a key and an address of its own. Hand over the function that makes it, as in aiSdk(createXyz).`];
}

/**
 * The name that a package's models go by, such as `mistral` for `mistral.chat`.
 * `undefined` where it cannot be told without settings.
 */
export function nameOf(source: AiSdkSource): string | undefined {
  try {
    return optionsName((isReady(source) ? source : source({})).languageModel('name').provider);
  } catch {
    return undefined;
  }
}

/** Under which name a model reads provider options. */
export function optionsName(provider: string): string {
  return provider.split('.')[0] ?? provider;
}

/** Options of the caller's, and beside them fields for the model's own provider. */
export function withOwn(given: unknown, provider: string, own: Record<string, unknown>): ByProvider | undefined {
  const options = { ...(given as ByProvider | null | undefined) };
  const name = optionsName(provider);
  if (Object.keys(own).length > 0) options[name] = { ...own, ...options[name] };
  return Object.keys(options).length > 0 ? options : undefined;
}

/** A package for a version of the specification that is not known here would fail in obscure ways. */
export function requireVersion({ specificationVersion: version, modelId }: { readonly specificationVersion: string; readonly modelId: string }): void {
  if (version === 'v3' || version === 'v4') return;
  throw new GatewayError(
    'unsupported_operation',
    `The package of '${modelId}' keeps version '${version}' of the AI SDK's specification; 'v3' and 'v4' are known here`,
  );
}

function isReady(source: AiSdkSource): source is AiSdkProvider {
  return 'specificationVersion' in source;
}

function settingsOf({ apiKey, baseUrl }: Deployment): AiSdkSettings {
  return { ...(apiKey && { apiKey: apiKey.reveal() }), ...(baseUrl !== undefined && { baseURL: baseUrl }) };
}
