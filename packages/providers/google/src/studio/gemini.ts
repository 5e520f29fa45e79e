import type { Provider, Secret } from '@sluice/core';
import { chat } from '../chat/chat.ts';
import { embeddings } from '../embeddings/embeddings.ts';
import type { Environment } from '../endpoint.ts';
import { geminiEdits } from '../images/gemini-edits.ts';
import { geminiImages } from '../images/gemini-images.ts';
import { imagen, isImagen } from '../images/imagen.ts';
import { speech } from '../speech/speech.ts';
import { countTokens } from '../tokens/count-tokens.ts';
import { toSecret } from '../to-secret.ts';
import { listUrl, studioEndpoints, type StudioOptions } from './studio-endpoint.ts';

export type GeminiOptions = {
  /** What deployments call this provider. Default `gemini`. */
  readonly name?: string;
  /** For deployments that bring none. Default: `GEMINI_API_KEY` or `GOOGLE_API_KEY` in the environment. */
  readonly apiKey?: string | Secret | undefined;
  /** Up to and including the version. Default `https://generativelanguage.googleapis.com/v1beta`. */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

/**
 * Gemini by Google's own API (AI Studio): chat, embeddings, pictures, speech and counts of tokens. https://ai.google.dev/api
 *
 * @example gemini({ apiKey: process.env.MY_GEMINI_KEY })
 */
export function gemini({ name = 'gemini', apiKey, env = process.env, ...options }: GeminiOptions = {}): Provider {
  const studio: StudioOptions = { ...options, name, env, apiKey: toSecret(apiKey) };
  const endpointOf = studioEndpoints(studio);
  const operations = {
    chat: chat(endpointOf, { hasCallIds: true }),
    embeddings: embeddings(endpointOf),
    'images.generate': geminiImages(endpointOf),
    'images.edit': geminiEdits(endpointOf),
    'audio.speech': speech(endpointOf),
    'tokens.count': countTokens(endpointOf, { isNested: true }),
  };
  const drawing = { 'images.generate': imagen(endpointOf) };
  return {
    name,
    operations,
    operationsOf: ({ model }) => (isImagen(model) ? drawing : operations),
    probe: (deployment) => ({ url: listUrl(studio, deployment), method: 'GET', headers: endpointOf(deployment).headers }),
    problemsOf: endpointOf.problemsOf,
  };
}
