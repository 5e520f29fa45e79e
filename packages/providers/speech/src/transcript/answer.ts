import type { JsonObject, ModelRequest, WrappedBytes } from '@sluice/core';
import { formatOf } from './asked.ts';
import { segmentsOf } from './segments.ts';
import { toSrt, toVtt } from './subtitles.ts';
import { lengthOf, type Segment, type Transcript } from './transcript.ts';

/** A transcript in OpenAI's JSON, as the request wants it: plain, with times, or with who speaks. */
export function toReply(transcript: Transcript, request: ModelRequest): JsonObject {
  const { text } = transcript;
  const usage = usageOf(transcript);
  switch (formatOf(request)) {
    case 'verbose_json':
      return { task: 'transcribe', ...lengthAndLanguage(transcript), text, ...timesOf(transcript, request), ...usage };
    case 'diarized_json':
      return { task: 'transcribe', ...lengthAndLanguage(transcript), text, segments: spokenBy(segmentsOf(transcript)), ...usage };
    default:
      return { text, ...usage };
  }
}

/** A transcript as text or subtitles, where the request wants one of these. */
export function toBytes(transcript: Transcript, request: ModelRequest): WrappedBytes | undefined {
  const seconds = secondsOf(transcript);
  const usage = seconds === undefined ? undefined : { inputTokens: 0, outputTokens: 0, seconds };
  switch (formatOf(request)) {
    case 'text':
      return { contentType: 'text/plain; charset=utf-8', bytes: Buffer.from(`${transcript.text}\n`), usage };
    case 'srt':
      return { contentType: 'application/x-subrip; charset=utf-8', bytes: Buffer.from(toSrt(segmentsOf(transcript))), usage };
    case 'vtt':
      return { contentType: 'text/vtt; charset=utf-8', bytes: Buffer.from(toVtt(segmentsOf(transcript))), usage };
    default:
      return undefined;
  }
}

function lengthAndLanguage(transcript: Transcript): JsonObject {
  return { language: transcript.language ?? 'unknown', duration: lengthOf(transcript) ?? 0 };
}

/** Words are there as soon as anybody asks for times by name: of several names in a form the gateway knows the first. */
function timesOf(transcript: Transcript, request: ModelRequest): JsonObject {
  const isNamed = request['timestamp_granularities[]'] !== undefined || request.timestamp_granularities !== undefined;
  return {
    segments: segmentsOf(transcript).map(({ text, start, end, speaker }, id) => ({ id, start, end, text, ...(speaker !== undefined && { speaker }) })),
    ...(isNamed && { words: transcript.words.map(({ text, start, end }) => ({ word: text, start, end })) }),
  };
}

function spokenBy(segments: readonly Segment[]): readonly JsonObject[] {
  return segments.map(({ text, start, end, speaker = 'A' }, index) => ({ type: 'transcript.text.segment', id: `seg_${index}`, start, end, text, speaker }));
}

function usageOf(transcript: Transcript): JsonObject {
  const seconds = secondsOf(transcript);
  return seconds === undefined ? {} : { usage: { type: 'duration', seconds } };
}

function secondsOf(transcript: Transcript): number | undefined {
  return transcript.billedSeconds ?? lengthOf(transcript);
}
