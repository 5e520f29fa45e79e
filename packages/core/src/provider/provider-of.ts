import type { Operation } from '../types/call.ts';
import type { Continues } from '../types/continues.ts';
import type { Deployment } from '../types/model.ts';
import type { Mapping, Provider } from './provider.ts';

/** Who answers for a deployment: its stand-in where it has one, else its provider. */
export type ProviderOf = (deployment: Pick<Deployment, 'provider' | 'standIn'>) => Provider | undefined;

export function providerOf(providers: readonly Provider[]): ProviderOf {
  const byName = new Map(providers.map((provider) => [provider.name, provider]));
  return ({ provider, standIn = provider }) => byName.get(standIn);
}

/** How `provider` does an operation with a deployment; nothing where it cannot. */
export function mappingOf(provider: Provider | undefined, operation: Operation, deployment: Deployment): Mapping | undefined {
  return (provider?.operationsOf?.(deployment) ?? provider?.operations)?.[operation];
}

/** Whether the provider of a deployment has a mapping for an operation. */
export function supportedBy(providers: readonly Provider[]): (deployment: Deployment, operation: Operation) => boolean {
  const find = providerOf(providers);
  return (deployment, operation) => mappingOf(find(deployment), operation, deployment) !== undefined;
}

/** How a deployment goes on with an answer that somebody else has begun: by what is said of it, else by its provider. */
export function continuedBy(providers: readonly Provider[]): (deployment: Deployment) => Continues | undefined {
  const find = providerOf(providers);
  return (deployment) => {
    const { prefix } = deployment.capabilities ?? {};
    if (prefix === false) return undefined;
    return mappingOf(find(deployment), 'chat', deployment)?.continues?.(deployment) ?? (prefix ? 'after' : undefined);
  };
}
