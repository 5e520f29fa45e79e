import { defineProvider, type Provider } from '@sluice/core';
import { type Environment, problemsOf } from '@sluice/openai-wire';
import { operationsOf } from './operations.ts';
import { type PlaceOptions, places } from './places.ts';

export type HuggingFaceOptions = Omit<PlaceOptions, 'env'> & {
  /** What deployments call it. Default `huggingface`. */
  readonly name?: string;
  readonly env?: Environment;
};

/**
 * Hugging Face: what its router has of many providers, the pipelines of its own inference, and endpoints of one's own,
 * which a deployment's `baseUrl` names. https://huggingface.co/docs/inference-providers
 *
 * @example huggingface({ apiKey: process.env.MY_HF_TOKEN })
 */
export function huggingface({ name = 'huggingface', ...options }: HuggingFaceOptions = {}): Provider {
  const { host, endpointOf, kindOf } = places(name, { env: process.env, ...options });
  const operations = operationsOf(host, endpointOf);

  return defineProvider({
    name,
    operations: operations.router,
    operationsOf: (deployment) => operations[kindOf(deployment)],
    // Lists and states cost nothing; an endpoint asks for its key.
    probe(deployment) {
      const { url, headers } = endpointOf(deployment);
      return { url: url('models'), method: 'GET', headers };
    },
    // An endpoint may be open to everybody.
    problemsOf: (deployment) => problemsOf({ ...host, needsKey: kindOf(deployment) === 'router' }, deployment),
  });
}
