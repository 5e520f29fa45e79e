import type { JsonObject, Provider } from '@sluice/core';
import { gemini, vertex } from '@sluice/provider-google';
import type { RecordedExchange } from '../../support/recordings.ts';
import { askedPlainly, type Expected, type RecordedHost } from '../replay/recorded-host.ts';
import { told } from '../replay/told.ts';

const PROVIDERS: Readonly<Record<string, Provider>> = { gemini: gemini({ env: {} }), vertex: vertex({ env: {} }) };

/** Reasons in words, and in numbers where the caller asked for those. */
const FINISH = {
  STOP: 'stop',
  1: 'stop',
  MAX_TOKENS: 'length',
  2: 'length',
  SAFETY: 'content_filter',
  MODEL_ARMOR: 'content_filter',
  'BLOCK:MODEL_ARMOR': 'content_filter',
};

/** What the streams answer whose arguments come in pieces; the digests leave them out. */
const IN_PIECES: Readonly<Record<string, { readonly name: string; readonly args: JsonObject }>> = {
  'vertex-streamGenerateContent-38ec8a5f': { name: 'greet', args: { greeting: 'Hello', name: 'jone smith' } },
  'vertex-streamGenerateContent-6dbb1746': {
    name: 'getCurrentWeather',
    args: { country: 'USA', location: 'NewYorkCity', purpose: 'to know what to wear today', unit: 'C' },
  },
};

/** What built-in tools have read stands only in the total, and is input too; thoughts stand beside the output. */
const read = told({
  finish: FINISH,
  usage: ({ output = 0, reasoning = 0, total = 0, cached = 0 }) => ({ input: total - output - reasoning, output: output + reasoning, cached, reasoning }),
});

/** Which model each way of embedding belongs to. */
const EMBEDDINGS = { 'gemini/batchEmbedContents': 'gemini-embedding-001', 'vertex/predict': 'text-embedding-005', 'vertex/embedContent': 'gemini-embedding-2' };

export const googleHosts: readonly RecordedHost[] = [
  ...['gemini', 'vertex'].flatMap((name) => ['generateContent', 'streamGenerateContent'].map((surface) => chatHost(name, surface))),
  ...['gemini', 'vertex'].map(countHost),
  ...Object.entries(EMBEDDINGS).map(
    ([folder, model]): RecordedHost => ({
      folder,
      operation: 'embeddings',
      provider: providerOf(folder),
      deployment: () => ({ model }),
      request: () => ({ model: 'recorded', input: ['x'] }),
      expected: vectors,
    }),
  ),
];

function countHost(name: string): RecordedHost {
  return {
    folder: `${name}/countTokens`,
    operation: 'tokens.count',
    provider: providerOf(name),
    request: () => askedPlainly(false),
    expected: counted,
  };
}

function counted({ response, digest }: RecordedExchange): Expected {
  if (response.status >= 400) return { kind: 'error', status: response.status, message: digest.error_message };
  return { kind: 'json', body: { input_tokens: (response.json as { readonly totalTokens: number }).totalTokens } };
}

function chatHost(name: string, surface: string): RecordedHost {
  return {
    folder: `${name}/${surface}`,
    operation: 'chat',
    provider: providerOf(name),
    request: () => askedPlainly(surface === 'streamGenerateContent'),
    expected: conversation,
  };
}

function providerOf(folder: string): Provider {
  return PROVIDERS[folder.split('/')[0] ?? ''] as Provider;
}

function conversation(exchange: RecordedExchange): Expected {
  const expected = read(exchange);
  if (expected.kind === 'error') return { ...expected, message: exchange.digest.error_message };
  if (expected.kind !== 'told') return expected;
  const pieces = IN_PIECES[exchange.id];
  const toolCalls = pieces ? [pieces] : expected.toolCalls;
  return {
    ...expected,
    toolCalls,
    text: firstCandidate(exchange.response.json) ?? expected.text,
    finish: expected.finish === 'stop' && toolCalls.length > 0 ? 'tool_calls' : expected.finish,
  };
}

/** The digests join the texts of all candidates. */
function firstCandidate(body: unknown): string | undefined {
  const { candidates = [] } = (body ?? {}) as {
    readonly candidates?: readonly { readonly content?: { readonly parts?: readonly { readonly text?: string; readonly thought?: boolean }[] } }[];
  };
  return candidates.length < 2 ? undefined : (candidates[0]?.content?.parts ?? []).map((part) => (part.thought ? '' : (part.text ?? ''))).join('');
}

type Vector = { readonly values: readonly number[] };
type Embedded = {
  readonly embeddings?: readonly Vector[];
  readonly embedding?: Vector;
  readonly predictions?: readonly { readonly embeddings: Vector & { readonly statistics: { readonly token_count: number } } }[];
  readonly usageMetadata?: { readonly promptTokenCount: number };
  readonly error?: { readonly message: string };
};

function vectors({ response }: RecordedExchange): Expected {
  const { embeddings, embedding, predictions, usageMetadata, error } = response.json as Embedded;
  if (response.status >= 400) return { kind: 'error', status: response.status, message: error?.message };
  const all = embeddings ?? (embedding && [embedding]) ?? predictions?.map((prediction) => prediction.embeddings) ?? [];
  const counted = usageMetadata?.promptTokenCount ?? predictions?.reduce((sum, prediction) => sum + prediction.embeddings.statistics.token_count, 0);
  return {
    kind: 'json',
    body: { data: all.map(({ values }) => ({ embedding: values })), ...(counted !== undefined && { usage: { prompt_tokens: counted } }) },
  };
}
