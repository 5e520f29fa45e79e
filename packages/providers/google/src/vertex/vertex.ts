import { type Provider, secret, type Secret } from '@sluice/core';
import { chat } from '../chat/chat.ts';
import type { Environment } from '../endpoint.ts';
import { geminiEdits } from '../images/gemini-edits.ts';
import { geminiImages } from '../images/gemini-images.ts';
import { imagen } from '../images/imagen.ts';
import { speech } from '../speech/speech.ts';
import { toSecret } from '../to-secret.ts';
import { countTokens } from '../tokens/count-tokens.ts';
import { partnerOf } from './partner.ts';
import { claude, openapi, raw } from './partners.ts';
import { vertexEmbeddings } from './vertex-embeddings.ts';
import { vertexEndpoints } from './vertex-endpoint.ts';

export type VertexOptions = {
  /** What deployments call this provider. Default `vertex_ai`. */
  readonly name?: string;
  /** For deployments that name none. Default: `VERTEXAI_PROJECT` or `GOOGLE_CLOUD_PROJECT` in the environment, then the credentials' own. */
  readonly project?: string | undefined;
  /** A region, `us`, `eu` or `global`. Default: `VERTEXAI_LOCATION` or `GOOGLE_CLOUD_LOCATION` in the environment, then `global`. */
  readonly location?: string | undefined;
  /**
   * For deployments that bring no `apiKey`: what Google's file of a service account holds, its text or its path; an
   * access token, or a function that gives one; or an API key. Default: whatever this machine is allowed (application
   * default credentials).
   */
  readonly credentials?: string | Secret | object | (() => string | Promise<string>) | undefined;
  /** Default: by location. */
  readonly baseUrl?: string | undefined;
  /** Default `v1`. */
  readonly version?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

/**
 * Gemini, and what else Google hosts, on Vertex AI. https://cloud.google.com/vertex-ai/generative-ai/docs
 *
 * @example vertex({ project: 'my-project', location: 'europe-west4', credentials: '/etc/secrets/account.json' })
 */
export function vertex({ name = 'vertex_ai', version = 'v1', env = process.env, ...options }: VertexOptions = {}): Provider {
  const { project, location, baseUrl, headers } = options;
  const endpointOf = vertexEndpoints({ name, version, env, project, location, baseUrl, headers, credentials: toCredentials(options.credentials) });
  const operations: Readonly<Record<ReturnType<typeof partnerOf>, Provider['operations']>> = {
    // Requests here are refused for ids of calls; results are known by their order.
    google: {
      chat: chat(endpointOf, { hasCallIds: false }),
      embeddings: vertexEmbeddings(endpointOf),
      'images.generate': geminiImages(endpointOf),
      'images.edit': geminiEdits(endpointOf),
      'audio.speech': speech(endpointOf),
      'tokens.count': countTokens(endpointOf, { isNested: false }),
    },
    imagen: { 'images.generate': imagen(endpointOf) },
    anthropic: { chat: claude(endpointOf) },
    mistralai: { chat: raw(endpointOf, 'mistralai') },
    ai21: { chat: raw(endpointOf, 'ai21') },
    openapi: { chat: openapi(endpointOf) },
  };
  return {
    name,
    operations: operations.google,
    operationsOf: ({ model }) => operations[partnerOf(model)],
    async sign(wire, deployment) {
      const { authorize } = endpointOf(deployment);
      return authorize ? { ...wire, headers: { ...wire.headers, ...(await authorize()) } } : wire;
    },
    // Counting tokens costs nothing, and asks for the project, the model and the credential alike. Partners count none.
    probe(deployment) {
      if (partnerOf(deployment.model) !== 'google') return undefined;
      const { url, headers: own } = endpointOf(deployment);
      return { url: url('countTokens'), headers: own, body: '{"contents":[{"role":"user","parts":[{"text":"."}]}]}' };
    },
    problemsOf: endpointOf.problemsOf,
  };
}

function toCredentials(given: VertexOptions['credentials']): Secret | (() => string | Promise<string>) | undefined {
  if (typeof given === 'function') return given as () => string | Promise<string>;
  if (given === undefined || typeof given === 'string') return toSecret(given);
  return isSecret(given) ? given : secret(JSON.stringify(given));
}

function isSecret(value: object): value is Secret {
  return typeof (value as Partial<Secret>).reveal === 'function';
}
