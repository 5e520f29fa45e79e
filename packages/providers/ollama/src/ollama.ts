import { defineProvider, LineSplitter, type Mapping, type Provider, type Secret } from '@sluice/core';
import { endpoints, type Environment, type Host, jsonRequest, mappingsOf, type ModelOperation, problemsOf, toSecret } from '@sluice/openai-wire';
import { toAddress } from './address.ts';
import { chatAnswers } from './answer/chat-answers.ts';
import { textAnswers } from './answer/text-answers.ts';
import { toEmbeddings, toEmbedRequest } from './embeddings.ts';
import { CHAT_LACKS, toChatBody } from './request/to-chat-body.ts';
import { TEXT_LACKS, toTextBody } from './request/to-text-body.ts';

export type OllamaOptions = {
  /** What deployments call it. Default `ollama`. */
  readonly name?: string;
  /** Default: `OLLAMA_API_BASE` or `OLLAMA_HOST` in the environment, then `http://127.0.0.1:11434`. */
  readonly baseUrl?: string | undefined;
  /** For a server behind a proxy that asks for one, and for Ollama's own cloud. Default: `OLLAMA_API_KEY` in the environment. */
  readonly apiKey?: string | Secret | undefined;
  /** Added to every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

export const BASE_URL_VARIABLES = ['OLLAMA_API_BASE', 'OLLAMA_BASE_URL', 'OLLAMA_HOST'];

const OPERATIONS: readonly ModelOperation[] = ['chat', 'completions', 'embeddings', 'responses'];

/** Only `responses` is in OpenAI's form. */
const PATHS = { chat: '/api/chat', completions: '/api/generate', embeddings: '/api/embed', responses: '/v1/responses', models: '/api/tags' };

/**
 * Models on a machine of one's own, by Ollama's API. Needs no key.
 *
 * @example ollama({ baseUrl: 'http://gpu.internal:11434' })
 */
export function ollama({ name = 'ollama', baseUrl, apiKey, headers, env = process.env }: OllamaOptions = {}): Provider {
  const host: Host = {
    name,
    baseUrl: baseUrl ?? 'http://127.0.0.1:11434',
    toAddress,
    needsKey: false,
    apiKey: toSecret(apiKey),
    headers,
    operations: OPERATIONS,
    paths: PATHS,
    quirks: [],
    fromEnvironment: { env, keys: ['OLLAMA_API_KEY'], baseUrls: baseUrl === undefined ? BASE_URL_VARIABLES : [], parts: {} },
  };
  const endpointOf = endpoints(host);
  const wire = mappingsOf(host, endpointOf);
  const own: Readonly<Partial<Record<ModelOperation, Partial<Mapping>>>> = {
    chat: {
      toRequest: jsonRequest(endpointOf, [{ toRequest: toChatBody }], { lacks: CHAT_LACKS }),
      ...IMAGES,
      ...LINES,
      ...chatAnswers,
      continues: () => 'after',
    },
    completions: { toRequest: jsonRequest(endpointOf, [{ toRequest: toTextBody }], { lacks: TEXT_LACKS }), ...LINES, ...textAnswers },
    embeddings: { toRequest: jsonRequest(endpointOf, [{ toRequest: toEmbedRequest }]), toReply: toEmbeddings },
    responses: IMAGES,
  };
  return defineProvider({
    name,
    operations: Object.fromEntries(OPERATIONS.map((operation) => [operation, { ...wire[operation], ...own[operation] } as Mapping])),
    // The models that are there, which costs nothing.
    probe(deployment) {
      const { url, headers: known } = endpointOf(deployment);
      return { url: url('models'), method: 'GET', headers: known };
    },
    problemsOf: (deployment) => problemsOf(host, deployment),
  });
}

/** The server fetches no image. */
const IMAGES: Pick<Mapping, 'needsBytes'> = { needsBytes: ({ kind }) => kind === 'image' };

/** A line of JSON an event. The last one says that it is, and other lines may say so in what the model writes. */
const LINES: Pick<Mapping, 'framing' | 'isEnd'> = {
  framing: (_, maxEventBytes) => new LineSplitter(maxEventBytes),
  isEnd: ({ data }) => /"done"\s*:\s*true/.test(data) && (JSON.parse(data) as { readonly done?: unknown }).done === true,
};
