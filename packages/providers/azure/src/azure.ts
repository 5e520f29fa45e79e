import { defineProvider, type Deployment, type Mapping, type Provider, type ProviderCall } from '@sluice/core';
import { type Environment, FILE_OPERATIONS, mappingsOf, type ModelOperation, type QuirkName } from '@sluice/openai-wire';
import { azureAccess } from './access.ts';
import { type AddressOf, aiAddress, deployedName, openaiAddress } from './addresses.ts';
import { endpoints } from './endpoint.ts';
import type { AzureSettings } from './settings.ts';

export type AzureOptions = AzureSettings & {
  /** What deployments call it. Default `azure`, of {@link azureAi} `azure_ai`. */
  readonly name?: string;
  /** Default: `AZURE_API_BASE` in the environment, of {@link azureAi} `AZURE_AI_API_BASE`. */
  readonly baseUrl?: string | undefined;
  /** A date calls the surface of deployments. Default: `AZURE_API_VERSION` in the environment, else the v1 surface. */
  readonly apiVersion?: string | undefined;
  /** Added to every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

const OPENAI_OPERATIONS: readonly ModelOperation[] = [
  ...(['chat', 'completions', 'embeddings', 'images.generate', 'images.edit', 'audio.speech', 'audio.transcribe', 'audio.translate', 'responses'] as const),
  ...FILE_OPERATIONS,
];
const AI_OPERATIONS: readonly ModelOperation[] = ['chat', 'embeddings', 'images.generate', 'rerank', 'responses'];
export const KEY_VARIABLES = ['AZURE_API_KEY', 'AZURE_OPENAI_API_KEY'];
export const BASE_VARIABLES = ['AZURE_API_BASE', 'AZURE_OPENAI_ENDPOINT', 'AZURE_OPENAI_BASE_URL'];
export const AI_KEY_VARIABLES = ['AZURE_AI_API_KEY'];
export const AI_BASE_VARIABLES = ['AZURE_AI_API_BASE', 'AZURE_AI_BASE_URL'];

/**
 * OpenAI's models on Azure. Calls bear an `api-key`, or a token of Entra ID.
 *
 * @example azure({ baseUrl: 'https://my-resource.openai.azure.com', getToken: () => credential.token() })
 */
export function azure(options: AzureOptions = {}): Provider {
  const env = options.env ?? process.env;
  const version = options.apiVersion ?? (env.AZURE_API_VERSION || env.OPENAI_API_VERSION || undefined);
  return toProvider(
    { name: 'azure', ...options, env },
    {
      example: 'https://RESOURCE.openai.azure.com',
      keys: KEY_VARIABLES,
      bases: BASE_VARIABLES,
      operations: OPENAI_OPERATIONS,
      quirks: [],
      addressOf: (address, deployment) => openaiAddress(address, deployment, version),
    },
  );
}

/**
 * Models of all makers on Azure AI.
 *
 * @example azureAi({ baseUrl: 'https://my-resource.services.ai.azure.com', apiKey: process.env.MY_KEY })
 */
export function azureAi(options: AzureOptions = {}): Provider {
  const env = options.env ?? process.env;
  return toProvider(
    { name: 'azure_ai', ...options, env },
    {
      example: 'https://RESOURCE.services.ai.azure.com',
      keys: AI_KEY_VARIABLES,
      bases: AI_BASE_VARIABLES,
      operations: AI_OPERATIONS,
      quirks: ['loose-tool-calls', 'finish-words', 'usage-beside-choices'],
      addressOf: (address, deployment) => aiAddress(address, deployment, options.apiVersion),
    },
  );
}

type Service = {
  readonly example: string;
  readonly keys: readonly string[];
  readonly bases: readonly string[];
  readonly operations: readonly ModelOperation[];
  readonly quirks: readonly QuirkName[];
  addressOf(address: string, deployment: Deployment): AddressOf;
};

function toProvider(
  { name, baseUrl, headers = {}, env, ...settings }: AzureOptions & { readonly name: string; readonly env: Environment },
  service: Service,
): Provider {
  const access = azureAccess(settings, env, service.keys);
  const inEnvironment = service.bases.map((variable) => env[variable]).find(Boolean);
  const baseUrlOf = (deployment: Deployment): string | undefined => deployment.baseUrl ?? baseUrl ?? inEnvironment;
  const { endpointOf, problemsOf } = endpoints({ name, example: service.example, headers, access, baseUrlOf, addressOf: service.addressOf });
  const mappings = mappingsOf({ name, needsKey: false, operations: service.operations, quirks: service.quirks }, endpointOf);
  return defineProvider({
    name,
    operations: Object.fromEntries(Object.entries(mappings).map(([operation, mapping]) => [operation, ofDeployed(mapping)])),
    sign: access.sign,
    // The list of models costs nothing, and asks for the key.
    probe(deployment) {
      const { url, headers: own } = endpointOf(deployment);
      return { url: url('models'), method: 'GET', headers: own };
    },
    problemsOf,
  });
}

/** What is deployed is called by its own name, without what may stand before it. */
function ofDeployed(mapping: Mapping): Mapping {
  return {
    ...mapping,
    toRequest(call) {
      const model = deployedName(call.deployment);
      return mapping.toRequest(model === call.deployment.model ? call : renamed(call, model));
    },
  };
}

function renamed(call: ProviderCall, model: string): ProviderCall {
  return { ...call, deployment: { ...call.deployment, model } };
}
