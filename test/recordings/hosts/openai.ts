import type { ModelOperation } from '@sluice/core';
import { providerNamed } from '../../support/provider-named.ts';
import { bytesOf, SURFACES } from '../../support/recordings.ts';
import type { Expected, RecordedHost } from '../replay/recorded-host.ts';
import { told } from '../replay/told.ts';

type Rows = Readonly<Partial<Record<ModelOperation, readonly (readonly [folder: string, preset: string])[]>>>;

/** Hosts that are asked and answer in OpenAI's form, or nearly: their folders, and the providers that read them. */
const ROWS: Rows = {
  chat: [
    ['openai', 'openai'],
    ['groq', 'groq'],
    ['openrouter', 'openrouter'],
    ['deepseek', 'deepseek'],
    ['mistral', 'mistral'],
    ['perplexity', 'perplexity'],
    ['together', 'together_ai'],
    ['cerebras', 'cerebras'],
    ['llamacpp', 'llamacpp'],
    ['huggingface', 'huggingface'],
    ['ollama', 'ollama_openai'],
    ['gemini', 'gemini'],
  ],
  completions: [
    ['openai', 'openai'],
    ['together', 'together_ai'],
  ],
  embeddings: [
    ['openai', 'openai'],
    ['mistral', 'mistral'],
    ['openrouter', 'openrouter'],
    ['llamacpp', 'llamacpp'],
    ['perplexity', 'perplexity'],
  ],
  moderations: [['openai', 'openai']],
  'images.generate': [
    ['openai', 'openai'],
    ['xai', 'xai'],
  ],
  'images.edit': [
    ['openai', 'openai'],
    ['xai', 'xai'],
  ],
  'audio.speech': [
    ['openai', 'openai'],
    ['openrouter', 'openrouter'],
    ['mistral', 'mistral'],
  ],
  'audio.transcribe': [
    ['openai', 'openai'],
    ['mistral', 'mistral'],
    ['openrouter', 'openrouter'],
    ['llamacpp', 'llamacpp'],
  ],
  'audio.translate': [['openai', 'openai']],
  responses: [
    ['openai', 'openai'],
    ['deepseek', 'deepseek'],
    ['openrouter', 'openrouter'],
    ['llamacpp', 'llamacpp'],
    ['xai', 'xai'],
  ],
  rerank: [
    ['openrouter', 'openrouter'],
    ['llamacpp', 'llamacpp'],
  ],
  ocr: [['mistral', 'mistral']],
};

export const openaiHosts: readonly RecordedHost[] = Object.entries(ROWS).flatMap(([operation, rows]) =>
  rows.map(([folder, preset]) => openaiHost(operation as ModelOperation, folder, preset)),
);

function openaiHost(operation: ModelOperation, folder: string, preset: string): RecordedHost {
  return {
    folder: `${folder}/${SURFACES[operation] ?? operation}`,
    operation,
    provider: providerNamed(preset),
    expected: (exchange) => expectedOf(operation, preset)(exchange),
  };
}

function expectedOf(operation: ModelOperation, preset: string): typeof passed {
  if (operation === 'chat') return preset === 'mistral' ? mistralChat : chat;
  return operation === 'embeddings' && preset === 'perplexity' ? byteVectors : passed;
}

/** Signed bytes in base64, told as numbers. */
function byteVectors(exchange: Parameters<typeof passed>[0]): Expected {
  const { data, ...rest } = exchange.response.json as { readonly data: readonly { readonly embedding: string }[] };
  const numbers = (text: string): number[] => Array.from(Buffer.from(text, 'base64'), (byte) => (byte > 127 ? byte - 256 : byte));
  return { kind: 'json', body: { ...rest, data: data.map((item) => ({ ...item, embedding: numbers(item.embedding) })) }, isExact: true };
}

const FINISH = { eos: 'stop', model_length: 'length' };

const chat = told({ finish: FINISH });

/** Mistral counts sound beside the prompt, and in the total. */
const mistralChat = told({ finish: FINISH, usage: ({ input = 0, output = 0, total = input + output }) => ({ input: [input, total - output], output }) });

const streamed = told();

/** Answers that are passed as they are: whole, or, in a stream, with all that they say. */
export function passed(exchange: Parameters<typeof chat>[0]): Expected {
  const { response } = exchange;
  if (response.status >= 400) return { kind: 'error', status: response.status };
  const { audio_data: sound } = (response.json ?? {}) as { readonly audio_data?: string };
  if (sound !== undefined) return { kind: 'bytes', bytes: Buffer.from(sound, 'base64') };
  if (response.format === 'json') return { kind: 'json', body: response.json, isExact: true };
  if (response.format === 'sse') {
    const expected = streamed(exchange);
    // Thoughts of the Responses API stand in items of their own.
    return expected.kind === 'told'
      ? { kind: 'told', text: expected.text, toolCalls: expected.toolCalls, ...(expected.usage && { usage: expected.usage }) }
      : expected;
  }
  return { kind: 'bytes', bytes: bytesOf(exchange) };
}
