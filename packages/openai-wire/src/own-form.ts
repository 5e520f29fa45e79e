import { type DiscoveredProvider, type Provider, type Secret, secret } from '@sluice/core';
import { type BaseEndpointOf, endpoints, firstSet, problemsOf } from './endpoint.ts';
import type { Environment, Host } from './host.ts';
import { toSecret } from './to-provider.ts';

/** A host that is asked and answers in a form of its own, but has its address, its key and its errors where others have them. */
export type OwnForm = {
  readonly name: string;
  readonly baseUrl: string;
  readonly basePath?: string;
  /** Variables of the environment that may hold its key, and its address. */
  readonly keys: readonly string[];
  readonly baseUrls: readonly string[];
  readonly keyHeader?: string;
  readonly keyScheme?: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Found by its address, and called without a key where it wants none. */
  readonly isOwnServer?: true;
  readonly paths?: Host['paths'];
  /** Below the base URL: what costs nothing and asks for the key. Absent: there is nothing of that kind. */
  readonly probePath?: string;
  /** Names of its models that callers may use without the provider's in front. */
  readonly models?: readonly string[];
  operations(endpointOf: BaseEndpointOf): Provider['operations'];
};

export type HostOptions = {
  /** What deployments call this provider. */
  readonly name?: string;
  /** For deployments that bring none. Default: the host's variable in the environment. */
  readonly apiKey?: string | Secret | undefined;
  /** Default: the host's variable in the environment, then the host's own address. */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

export function ownFormProvider(form: OwnForm, { name = form.name, apiKey, baseUrl, headers, env = process.env }: HostOptions = {}): Provider {
  const host: Host = {
    ...form,
    name,
    baseUrl: baseUrl ?? form.baseUrl,
    needsKey: form.isOwnServer !== true,
    apiKey: toSecret(apiKey),
    headers: { ...form.headers, ...headers },
    operations: [],
    quirks: [],
    fromEnvironment: { env, keys: form.keys, baseUrls: baseUrl === undefined ? form.baseUrls : [], parts: {} },
  };
  const endpointOf = endpoints(host);
  const { probePath } = form;
  return {
    name,
    operations: form.operations(endpointOf),
    ...(probePath !== undefined && {
      probe(deployment) {
        const { baseUrl: base, headers: sent } = endpointOf(deployment);
        return { url: `${base}${probePath}`, method: 'GET', headers: sent };
      },
    }),
    problemsOf: (deployment) => problemsOf(host, deployment),
  };
}

/** The provider of `form`, where the environment has its key, or the address of one's own server. */
export function discoverOwnForm(env: Environment, form: OwnForm): readonly DiscoveredProvider[] {
  const key = firstSet(env, form.keys);
  const baseUrl = firstSet(env, form.baseUrls);
  if ((form.isOwnServer ? baseUrl : key) === undefined) return [];
  return [
    {
      provider: ownFormProvider(form, { env }),
      deployment: { ...(key !== undefined && { apiKey: secret(key) }), ...(baseUrl !== undefined && { baseUrl }) },
      ...(form.models && { models: form.models }),
    },
  ];
}
