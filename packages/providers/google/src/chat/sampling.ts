import type { ChatRequest, JsonObject, Refuse } from '@sluice/core';

const SAME_MEANING: Readonly<Record<string, string>> = {
  temperature: 'temperature',
  top_p: 'topP',
  top_k: 'topK',
  seed: 'seed',
  frequency_penalty: 'frequencyPenalty',
  presence_penalty: 'presencePenalty',
  logprobs: 'responseLogprobs',
  top_logprobs: 'logprobs',
  media_resolution: 'mediaResolution',
  image_config: 'imageConfig',
};

/** Limits, sampling and what the answer is made of, as a part of `generationConfig`. */
export function toSampling(request: ChatRequest, refuse: Refuse): JsonObject {
  const { stop } = request;
  const maxOutputTokens = request.max_completion_tokens ?? request.max_tokens;
  const candidateCount = toCandidateCount(request, refuse);
  const responseModalities = toModalities(request, refuse);
  const same = Object.entries(SAME_MEANING).filter(([name]) => request[name] !== undefined && request[name] !== null && request[name] !== false);
  return {
    ...Object.fromEntries(same.map(([name, own]) => [own, request[name]])),
    ...(typeof maxOutputTokens === 'number' && { maxOutputTokens }),
    ...(candidateCount !== undefined && { candidateCount }),
    ...(stop !== undefined && stop !== null && { stopSequences: [stop].flat() }),
    ...(responseModalities && { responseModalities }),
  };
}

function toCandidateCount({ n, stream }: ChatRequest, refuse: Refuse): number | undefined {
  if (n === undefined || n === null || n === 1) return undefined;
  if (stream !== true) return n;
  // https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference (candidateCount)
  refuse('n', 'a stream has one choice');
  return undefined;
}

function toModalities({ modalities }: ChatRequest, refuse: Refuse): readonly string[] | undefined {
  if (!Array.isArray(modalities)) return undefined;
  const wanted = (modalities as readonly unknown[]).filter((modality) => modality === 'text' || modality === 'image');
  if (wanted.length < modalities.length) refuse('modalities', 'answers are text and images');
  return wanted.includes('image') ? wanted.map((modality) => String(modality).toUpperCase()) : undefined;
}
