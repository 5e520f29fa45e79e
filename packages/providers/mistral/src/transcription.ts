import { type FormValues, type JsonObject, type Mapping, type ProviderCall, refuser, type WireEvent } from '@sluice/core';

/**
 * The fields that Mistral wants otherwise. It answers in JSON, and with the times of its segments where they are asked for.
 * https://docs.mistral.ai/api/endpoint/audio/transcriptions
 */
export function toTranscriptFields({ request, deployment, upload }: ProviderCall): FormValues {
  const refuse = refuser(deployment);
  const { response_format: format = 'json' } = request;
  if (format !== 'json' && format !== 'verbose_json') refuse('response_format', 'it answers in JSON');
  for (const field of ['prompt', 'include', 'chunking_strategy'] as const) if (request[field] !== undefined) refuse(field);
  const times = upload?.fields['timestamp_granularities[]'] ?? (format === 'verbose_json' ? 'segment' : undefined);
  return times === undefined ? {} : { timestamp_granularities: times };
}

const DONE = 'transcription.done';

/** The events of a transcript that is told as it grows, by OpenAI's names. */
export const toTranscriptEvents: Pick<Mapping, 'toChunks' | 'isEnd'> = {
  toChunks: () => (event) => toEvents(JSON.parse(event.data) as JsonObject),
  isEnd: ({ event, data }: WireEvent) => event === DONE || data.includes(`"${DONE}"`),
};

function toEvents(event: JsonObject): readonly JsonObject[] {
  const { type, text, ...more } = event;
  switch (type) {
    case 'transcription.text.delta':
      return [{ type: 'transcript.text.delta', delta: text }];
    case 'transcription.segment':
      return [{ type: 'transcript.text.segment', text, ...more }];
    case DONE:
      return [{ type: 'transcript.text.done', text, ...more, usage: toUsage(event.usage as JsonObject | undefined) }];
    default:
      return [];
  }
}

function toUsage(usage: JsonObject | undefined): JsonObject | undefined {
  if (!usage) return undefined;
  return { type: 'tokens', input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens, ...usage };
}
