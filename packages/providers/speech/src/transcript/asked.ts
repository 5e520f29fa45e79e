import { type JsonObject, knownFields, type ModelRequest, type ProviderCall, refuser } from '@sluice/core';

const FORMATS = ['json', 'text', 'verbose_json', 'srt', 'vtt', 'diarized_json'] as const;

export type TranscriptFormat = (typeof FORMATS)[number];

/** What a caller wants to have written down, and how. */
export type AskedTranscript = {
  readonly format: TranscriptFormat;
  readonly language: string | undefined;
  readonly prompt: string | undefined;
  readonly temperature: number | undefined;
  /** Fields of the host's own. Texts of a form that stand for a number, a flag or a list are that. */
  readonly own: JsonObject;
};

/** What a host has a word for, of what not every host has. */
export type Honoured = {
  readonly own: readonly string[];
  /** Default: it has. */
  readonly language?: boolean;
  /** Whether it tells who speaks. Default: it does. */
  readonly speakers?: boolean;
  readonly prompt?: boolean;
  readonly temperature?: boolean;
};

const MAPPED = ['response_format', 'language', 'timestamp_granularities', 'timestamp_granularities[]', 'stream', 'chunking_strategy', 'prompt', 'temperature'];

/** @throws GatewayError `unsupported_parameter` for what the host does not have. */
export function readAsked(call: ProviderCall, honoured: Honoured): AskedTranscript {
  const refuse = refuser(call.deployment);
  const {
    response_format: wanted = 'json',
    language,
    prompt,
    temperature,
    stream,
    chunking_strategy: chunks,
    ...rest
  } = knownFields(call, [...MAPPED, ...honoured.own]);
  const format = formatOf(call.request);
  if (format === 'diarized_json' && honoured.speakers === false) refuse('response_format', 'the host does not tell who speaks');
  if (format !== wanted) refuse('response_format', stream === true ? 'a stream tells plain text' : `a transcript comes as ${FORMATS.join(', ')}`);
  if (chunks !== undefined && chunks !== 'auto') refuse('chunking_strategy', 'the host cuts recordings by itself');
  if (isSaid(language) && honoured.language === false) refuse('language', 'the host listens for it by itself');
  if (isSaid(prompt) && !honoured.prompt) refuse('prompt');
  // Zero is what every host does anyway.
  if (isSaid(temperature) && Number(temperature) !== 0 && !honoured.temperature) refuse('temperature');
  return {
    format,
    language: isSaid(language) && honoured.language !== false ? String(language) : undefined,
    prompt: isSaid(prompt) && honoured.prompt ? String(prompt) : undefined,
    temperature: isSaid(temperature) && honoured.temperature ? Number(temperature) : undefined,
    own: Object.fromEntries(honoured.own.flatMap((name) => (rest[name] === undefined ? [] : [[name, toValue(rest[name])]]))),
  };
}

/** How the answer is given: as the request says, and otherwise in plain JSON. */
export function formatOf({ response_format: wanted, stream }: ModelRequest): TranscriptFormat {
  return stream === true ? 'json' : (FORMATS.find((format) => format === wanted) ?? 'json');
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== '';
}

function toValue(value: unknown): unknown {
  if (typeof value !== 'string' || !/^(?:true|false|-?\d+(?:\.\d+)?|[[{].*[\]}])$/s.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
