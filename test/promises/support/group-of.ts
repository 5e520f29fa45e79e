import type { Deployment, ModelGroup } from '@sluice/core';

/** A group with a deployment of the provider `upstream` at each address. `deployment` goes into each of them. */
export function groupOf(name: string, urls: readonly string[], more: Partial<ModelGroup> = {}, deployment: Partial<Deployment> = {}): ModelGroup {
  return {
    name,
    deployments: urls.map((baseUrl, index) => ({ id: `${name}-${index}`, provider: 'upstream', model: 'mock-1', baseUrl, ...deployment })),
    ...more,
  };
}
