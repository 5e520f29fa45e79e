import { type Deployment, revealed } from '@sluice/core';
import { FILE_OPERATIONS, FILE_PATHS, type ModelOperation } from '@sluice/openai-wire';

export type Operation = ModelOperation | 'models';

/** Builds the URL of an operation, for one deployment. */
export type AddressOf = (operation: Operation) => string;

const PATHS: Readonly<Partial<Record<Operation, string>>> = {
  chat: '/chat/completions',
  completions: '/completions',
  embeddings: '/embeddings',
  'images.generate': '/images/generations',
  'images.edit': '/images/edits',
  'audio.speech': '/audio/speech',
  'audio.transcribe': '/audio/transcriptions',
  'audio.translate': '/audio/translations',
  responses: '/responses',
  models: '/models',
  ...FILE_PATHS,
};

/** These name the model in the body, or have none, whatever the surface. */
const WITHOUT_DEPLOYMENT: ReadonlySet<Operation> = new Set<Operation>(['responses', 'models', ...FILE_OPERATIONS]);
/** Versions that are no dates belong to the v1 surface. */
const V1_VERSIONS: ReadonlySet<string> = new Set(['v1', 'latest', 'preview']);
/** What LiteLLM has callers put before the name of a deployment, to say what kind of model it is. */
const KIND = /^(?:o_series|gpt5_series|responses)\//;

/** Azure's own name for what is deployed. */
export function deployedName({ model }: Deployment): string {
  return model.replace(KIND, '');
}

/**
 * Where Azure OpenAI answers. Without a version, or with one that is no date, by the v1 surface; with a date by that of
 * deployments. An address may name its surface, and its version, by itself.
 * https://learn.microsoft.com/en-us/azure/ai-foundry/openai/api-version-lifecycle
 */
export function openaiAddress(address: string, deployment: Deployment, version: string | undefined): AddressOf {
  const { base, query } = readAddress(address);
  const wanted = revealed(deployment.options?.api_version) ?? query.get('api-version') ?? version;
  const [resource = '', rest] = base.split(/\/openai(?:\/|$)/, 2);
  if (rest?.startsWith('v1') || wanted === undefined || V1_VERSIONS.has(wanted)) {
    const preview = wanted === 'preview' ? '?api-version=preview' : '';
    return (operation) => `${resource}/openai/v1${PATHS[operation] ?? ''}${preview}`;
  }
  const named = rest?.startsWith('deployments/') ? rest.split('/')[1] : undefined;
  const deployed = `${resource}/openai/deployments/${named ?? encodeURIComponent(deployedName(deployment))}`;
  return (operation) =>
    `${WITHOUT_DEPLOYMENT.has(operation) ? `${resource}/openai` : deployed}${PATHS[operation] ?? ''}?api-version=${encodeURIComponent(wanted)}`;
}

const AI_VERSION = '2024-05-01-preview';
const AI_PATHS: Readonly<Partial<Record<Operation, string>>> = { ...PATHS, rerank: '/rerank' };
/** Of a resource of Azure AI these are behind the v1 surface only. */
const V1_ONLY: ReadonlySet<Operation> = new Set<Operation>(['responses', 'images.generate', 'images.edit']);

/**
 * Where Azure AI answers: a resource below `/models`, a model with an address of its own below `/v1`. An address that
 * has a path already is taken as it is.
 */
export function aiAddress(address: string, deployment: Deployment, version: string | undefined): AddressOf {
  const { base, query } = readAddress(address);
  const [resource = '', rest] = base.split(/\/(?:models|openai\/v1|v1)(?:\/|$)/, 2);
  const own = revealed(deployment.options?.api_version) ?? query.get('api-version') ?? version;
  if (isOwnAddress(base)) return (operation) => `${resource}/v1${AI_PATHS[operation] ?? ''}`;
  if (rest !== undefined && !base.includes('/models')) return (operation) => `${base.replace(/\/+$/, '')}${AI_PATHS[operation] ?? ''}`;
  return (operation) =>
    V1_ONLY.has(operation)
      ? `${resource}/openai/v1${AI_PATHS[operation] ?? ''}`
      : `${resource}/models${AI_PATHS[operation] ?? ''}?api-version=${own ?? AI_VERSION}`;
}

/** Models that are sold one by one have an address each, and take their key as a bearer. */
export function isOwnAddress(address: string): boolean {
  return /^https:\/\/[^/]+\.models\.ai\.azure\.com/.test(address);
}

function readAddress(address: string): { readonly base: string; readonly query: URLSearchParams } {
  const [base = '', query = ''] = address.split('?', 2);
  return { base: base.replace(/\/+$/, ''), query: new URLSearchParams(query) };
}
