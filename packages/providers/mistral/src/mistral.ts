import { defineProvider, type JsonObject, type Mapping, type Provider, type Secret } from '@sluice/core';
import {
  type EndpointOf,
  endpoints,
  type Environment,
  FILE_OPERATIONS,
  fileRequest,
  type Host,
  jsonRequest,
  mappingsOf,
  mendAnswers,
  problemsOf,
  QUIRKS,
  toSecret,
} from '@sluice/openai-wire';
import { CHAT_LACKS, toChatRequest } from './chat/to-chat-request.ts';
import { toEmbeddingRequest } from './embeddings.ts';
import { FIM_LACKS, fimAnswers, toFimRequest } from './fim.ts';
import { toModeration, toModerationRequest } from './moderations.ts';
import { JOB_PATHS, objects } from './objects.ts';
import { SPEECH_LACKS, speechAnswers, toSpeechRequest } from './speech.ts';
import { toTranscriptEvents, toTranscriptFields } from './transcription.ts';
import { readMistralUsage } from './usage.ts';

export type MistralOptions = {
  /** What deployments call it. Default `mistral`, or `codestral`. */
  readonly name?: string;
  /** For deployments that bring none. Default: `MISTRAL_API_KEY`, or `CODESTRAL_API_KEY`, in the environment. */
  readonly apiKey?: string | Secret | undefined;
  /** Default: `MISTRAL_API_BASE`, or `CODESTRAL_API_BASE`, in the environment, then Mistral's own address. */
  readonly baseUrl?: string | undefined;
  /** Added to every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

/** Finish reasons, parts of content and calls of tools that are not quite OpenAI's; usage that stands beside the last delta. */
const MENDED = mendAnswers([QUIRKS['content-parts'], QUIRKS['loose-tool-calls'], QUIRKS['finish-words'], QUIRKS['usage-beside-choices']]);

const PATHS = { completions: '/fim/completions', ...JOB_PATHS };

/**
 * Mistral's platform: chat, completion of code between a prompt and a suffix, embeddings, moderation, speech, transcription, files and batches.
 *
 * @example mistral({ apiKey: process.env.MY_MISTRAL_KEY })
 */
export function mistral({ name = 'mistral', ...options }: MistralOptions = {}): Provider {
  return toProvider({
    ...hostOf(options, 'MISTRAL'),
    name,
    baseUrl: options.baseUrl ?? 'https://api.mistral.ai/v1',
    operations: ['chat', 'completions', 'embeddings', 'moderations', 'audio.speech', 'audio.transcribe', 'ocr', ...FILE_OPERATIONS],
  });
}

/**
 * The host that only writes code, which has keys of its own.
 *
 * @example codestral({ apiKey: process.env.MY_CODESTRAL_KEY })
 */
export function codestral({ name = 'codestral', ...options }: MistralOptions = {}): Provider {
  return toProvider({
    ...hostOf(options, 'CODESTRAL'),
    name,
    baseUrl: options.baseUrl ?? 'https://codestral.mistral.ai/v1',
    operations: ['chat', 'completions'],
  });
}

function hostOf({ apiKey, baseUrl, headers, env = process.env }: MistralOptions, prefix: string): Omit<Host, 'name' | 'operations'> {
  const baseUrls = baseUrl === undefined ? [`${prefix}_API_BASE`, `${prefix}_BASE_URL`] : [];
  return {
    basePath: '/v1',
    paths: PATHS,
    needsKey: true,
    apiKey: toSecret(apiKey),
    headers,
    quirks: [],
    fromEnvironment: { env, keys: [`${prefix}_API_KEY`], baseUrls, parts: {} },
  };
}

function toProvider(host: Host): Provider {
  const endpointOf = endpoints(host);
  const wire = mappingsOf(host, endpointOf);
  const own = ownMappings(endpointOf);
  return defineProvider({
    name: host.name,
    operations: Object.fromEntries(host.operations.map((operation) => [operation, { ...wire[operation], ...own[operation] } as Mapping])),
    probe(deployment) {
      const { url, headers } = endpointOf(deployment);
      return { url: url('models'), method: 'GET', headers };
    },
    problemsOf: (deployment) => problemsOf(host, deployment),
  });
}

/** How each operation departs from OpenAI's. */
function ownMappings(endpointOf: EndpointOf): Readonly<Record<string, Partial<Mapping>>> {
  return {
    chat: {
      toRequest: jsonRequest(endpointOf, [{ toRequest: toChatRequest }], { lacks: CHAT_LACKS }),
      ...MENDED,
      toUsage: readMistralUsage,
      continues: () => 'whole',
    },
    completions: { toRequest: jsonRequest(endpointOf, [{ toRequest: toFimRequest }], { lacks: FIM_LACKS }), ...fimAnswers(MENDED), toUsage: readMistralUsage },
    embeddings: { toRequest: jsonRequest(endpointOf, [{ toRequest: toEmbeddingRequest }]) },
    moderations: { toRequest: jsonRequest(endpointOf, [{ toRequest: toModerationRequest }]), toReply: toModeration },
    'audio.speech': { toRequest: jsonRequest(endpointOf, [{ toRequest: toSpeechRequest }], { lacks: SPEECH_LACKS }), ...speechAnswers },
    'audio.transcribe': { answersBytes: false, toRequest: fileRequest(endpointOf, toTranscriptFields), ...toTranscriptEvents, toUsage: readMistralUsage },
    ...objects(endpointOf, (body, call) => MENDED.toReply?.(body, { ...call, operation: 'chat' }) ?? (body as JsonObject)),
  };
}
