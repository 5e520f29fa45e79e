import { type Deployment, type MaybePromise, revealed, type Secret, secret } from '@sluice/core';
import type { Environment } from '@sluice/openai-wire';

/** What one place says of how to get into Azure: a deployment, the options of a provider, or the environment. */
export type AzureSettings = {
  readonly apiKey?: string | Secret | undefined;
  /** A token of Entra ID, as somebody else has fetched it. */
  readonly token?: string | Secret | undefined;
  /** Asked before each call; it keeps and renews tokens by itself. */
  readonly getToken?: (() => MaybePromise<string>) | undefined;
  readonly tenantId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | Secret | undefined;
  /** Default `https://cognitiveservices.azure.com/.default`. */
  readonly scope?: string | undefined;
  /** Where tokens are fetched. Default `https://login.microsoftonline.com`. */
  readonly authority?: string | undefined;
};

/** A deployment's, in its `options` by the names that configuration files have for them. */
export function settingsOf({ apiKey, options = {} }: Deployment): AzureSettings {
  return {
    apiKey,
    token: options.azure_ad_token as string | Secret | undefined,
    tenantId: revealed(options.tenant_id),
    clientId: revealed(options.client_id),
    clientSecret: options.client_secret as string | Secret | undefined,
    scope: revealed(options.azure_scope),
    authority: revealed(options.azure_authority_host),
  };
}

/** The environment's, by Azure's own names and LiteLLM's. `keys` are the variables that hold a key of this service. */
export function settingsIn(env: Environment, keys: readonly string[]): AzureSettings {
  return {
    apiKey: keys.map((name) => env[name]).find(Boolean),
    token: env.AZURE_AD_TOKEN || env.AZURE_OPENAI_AD_TOKEN || undefined,
    tenantId: env.AZURE_TENANT_ID || undefined,
    clientId: env.AZURE_CLIENT_ID || undefined,
    clientSecret: env.AZURE_CLIENT_SECRET || undefined,
    scope: env.AZURE_SCOPE || undefined,
    authority: env.AZURE_AUTHORITY_HOST || undefined,
  };
}

export function toSecret(value: unknown): Secret | undefined {
  const text = revealed(value);
  return text === undefined ? undefined : secret(text);
}
