import type { JsonObject } from '@sluice/core';
import type { Candidate, GenerateContentResponse, Part } from '../wire.ts';

/** What an answer is made of here; all else of a candidate goes on as it is, under names of the usual form. */
const READ: ReadonlySet<string> = new Set(['index', 'content', 'finishReason', 'logprobsResult']);

export function ownFieldsOf(candidate: Candidate): JsonObject {
  const own = Object.entries(candidate).filter(([field, value]) => !READ.has(field) && value !== undefined && value !== null);
  return Object.fromEntries(own.map(([field, value]) => [snakeCase(field), value]));
}

function snakeCase(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What Gemini says of the question, where it says anything. */
export function feedbackOf({ promptFeedback }: GenerateContentResponse): JsonObject {
  return promptFeedback && Object.keys(promptFeedback).length > 0 ? { prompt_feedback: promptFeedback } : {};
}

/** What a part is for a caller: text, a thought, a call, a picture, sound, or something that has no form in a chat. */
export function kindOf({ functionCall, inlineData, text, thought, executableCode, codeExecutionResult, ...rest }: Part): PartKind {
  if (functionCall) return 'call';
  if (inlineData && thought !== true) {
    const { mimeType } = inlineData;
    if (mimeType.startsWith('image/')) return 'image';
    if (mimeType.startsWith('audio/')) return 'audio';
  }
  if (executableCode !== undefined || codeExecutionResult !== undefined) return 'code';
  if (text !== undefined && inlineData === undefined) return thought === true ? 'thought' : 'text';
  return inlineData !== undefined || Object.keys(rest).some((field) => field !== 'thoughtSignature') ? 'other' : 'empty';
}

export type PartKind = 'text' | 'thought' | 'call' | 'image' | 'audio' | 'code' | 'other' | 'empty';

/** An image that the model has made. */
export function toImage({ inlineData }: Part): JsonObject {
  return { type: 'image_url', image_url: { url: `data:${inlineData?.mimeType ?? ''};base64,${inlineData?.data ?? ''}` } };
}

/** Sound that the model has made, of which no text comes with it. */
export function toAudio(id: string, { inlineData }: Part): JsonObject {
  return { id: `audio_${id}`, data: inlineData?.data ?? '', transcript: '', mime_type: inlineData?.mimeType };
}

export function blockedText({ blockReason = 'OTHER', blockReasonMessage }: { readonly blockReason?: string; readonly blockReasonMessage?: string }): string {
  return blockReasonMessage ?? `The prompt was blocked: ${blockReason}`;
}
