import type { Deployment, Operation } from '@sluice/core';
import { azure, azureAi } from '@sluice/provider-azure';
import { type RecordedExchange, recordedIn, SURFACES } from '../../support/recordings.ts';
import type { RecordedHost } from '../replay/recorded-host.ts';
import { passed } from './openai.ts';

const PROVIDERS = { azure: azure({ env: {} }), azure_ai: azureAi({ env: {} }) };

/** Both services lie in one folder; the address that was asked says which it was. */
function serviceOf({ request }: RecordedExchange): keyof typeof PROVIDERS {
  return request.url.includes('.services.ai.azure.com') ? 'azure_ai' : 'azure';
}

function deploymentOf({ request }: RecordedExchange): Partial<Deployment> {
  const { origin, pathname, searchParams } = new URL(request.url);
  const version = searchParams.get('api-version');
  const model = /\/deployments\/([^/]+)/.exec(pathname)?.[1] ?? request.json?.model ?? 'recorded';
  return { baseUrl: origin, model, ...(version !== null && { options: { api_version: version } }) };
}

const SERVICES: readonly (readonly [Operation, keyof typeof PROVIDERS])[] = [
  ['chat', 'azure'],
  ['chat', 'azure_ai'],
  ['embeddings', 'azure'],
  ['embeddings', 'azure_ai'],
  ['responses', 'azure_ai'],
];

export const azureHosts: readonly RecordedHost[] = SERVICES.map(([operation, service]): RecordedHost => {
  const folder = `azure/${SURFACES[operation]}`;
  const others = recordedIn(folder).filter((exchange) => serviceOf(exchange) !== service);
  return {
    folder,
    operation,
    provider: PROVIDERS[service],
    deployment: deploymentOf,
    leftOut: Object.fromEntries(others.map(({ id }) => [id, 'is of the other service'])),
    ...(operation !== 'chat' && { expected: passed }),
  };
});
