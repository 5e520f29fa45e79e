import { type Provider, type Secret, secret } from '@sluice/core';
import { endpoints, problemsOf } from './endpoint.ts';
import type { Host } from './host.ts';
import { mappingsOf } from './mapping.ts';

/** The provider that speaks to `host`. */
export function toProvider(host: Host): Provider {
  const endpointOf = endpoints(host);
  return {
    name: host.name,
    operations: mappingsOf(host, endpointOf),
    // The list of models costs nothing, and asks for the key nearly everywhere.
    probe(deployment) {
      const { url, headers } = endpointOf(deployment);
      return { url: url('models'), method: 'GET', headers };
    },
    problemsOf: (deployment) => problemsOf(host, deployment),
  };
}

/** An empty key, as an unset variable in a shell script leaves it, is none. */
export function toSecret(key: string | Secret | undefined): Secret | undefined {
  return typeof key === 'string' ? (key === '' ? undefined : secret(key)) : key;
}
