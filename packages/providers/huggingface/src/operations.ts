import type { Deployment, Mapping, Provider } from '@sluice/core';
import { type EndpointOf, type Host, mappingsOf } from '@sluice/openai-wire';
import { generation } from './generation.ts';
import { toHubModel, toRouterModel } from './model-name.ts';
import { featureExtraction } from './pipelines/feature-extraction.ts';
import { sentenceSimilarity } from './pipelines/sentence-similarity.ts';
import { textToImage } from './pipelines/text-to-image.ts';
import type { PlaceKind } from './places.ts';
import { toError } from './to-error.ts';

type Operations = Provider['operations'];

/** What can be asked of each kind of place, and how. */
export function operationsOf(host: Host, endpointOf: EndpointOf): Readonly<Record<PlaceKind, Operations>> {
  const failing: Pick<Mapping, 'toError'> = { toError: (error, { deployment }) => toError(error, endpointOf(deployment).key) };
  const openai = each(mappingsOf(host, endpointOf), (mapping) => ({ ...mapping, ...failing }));
  const pipelines = {
    embeddings: { ...featureExtraction(endpointOf), ...failing },
    rerank: { ...sentenceSimilarity(endpointOf), ...failing },
    'images.generate': { ...textToImage(endpointOf), ...failing },
  };
  return {
    router: { ...each(openai, (mapping, operation) => calledBy(mapping, operation === 'chat' ? toRouterModel : toHubModel)), ...pipelines },
    endpoint: { ...openai, completions: { ...generation(endpointOf), ...failing }, ...pipelines },
    openai,
  };
}

function each(operations: Operations, change: (mapping: Mapping, operation: string) => Mapping): Operations {
  return Object.fromEntries(
    Object.entries(operations as Readonly<Record<string, Mapping>>).map(([operation, mapping]) => [operation, change(mapping, operation)]),
  );
}

/** A mapping that calls the model by another name than the deployment does. */
function calledBy(mapping: Mapping, toModel: (deployment: Deployment) => string): Mapping {
  const renamed = new WeakMap<Deployment, Deployment>();
  return {
    ...mapping,
    toRequest(call) {
      const { deployment } = call;
      const known = renamed.get(deployment) ?? { ...deployment, model: toModel(deployment) };
      renamed.set(deployment, known);
      return mapping.toRequest({ ...call, deployment: known });
    },
  };
}
