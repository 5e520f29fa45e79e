import { createHash } from 'node:crypto';
import type { JsonObject, ModelRequest } from '@sluice/core';
import { countTokens } from './compose-answer.ts';

const DEFAULT_DIMENSIONS = 256;
const ONE_PIXEL_PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const MODERATION_CATEGORIES = [
  'harassment',
  'harassment/threatening',
  'hate',
  'hate/threatening',
  'illicit',
  'illicit/violent',
  'self-harm',
  'self-harm/instructions',
  'self-harm/intent',
  'sexual',
  'sexual/minors',
  'violence',
  'violence/graphic',
] as const;

/** Unit vectors made from a hash: the same text always has the same, others are nearly at right angles to it. */
export function embeddings({ model, input, dimensions = DEFAULT_DIMENSIONS, encoding_format: encoding }: ModelRequest): JsonObject {
  const inputs = (Array.isArray(input) && typeof input[0] !== 'number' ? input : [input]) as readonly unknown[];
  const data = inputs.map((item, index) => {
    const vector = toVector(typeof item === 'string' ? item : JSON.stringify(item), Number(dimensions));
    return { object: 'embedding', index, embedding: encoding === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector] };
  });
  const tokens = inputs.reduce<number>((sum, item) => sum + (typeof item === 'string' ? countTokens(item) : (item as readonly number[]).length), 0);
  return { object: 'list', data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

export function moderations({ model, input }: ModelRequest): JsonObject {
  const inputs: readonly unknown[] = Array.isArray(input) && typeof input[0] === 'string' ? input : [input];
  const each = <T>(value: T): Record<string, T> => Object.fromEntries(MODERATION_CATEGORIES.map((category) => [category, value]));
  return {
    id: 'modr-demo',
    model,
    results: inputs.map(() => ({ flagged: false, categories: each(false), category_scores: each(0), category_applied_input_types: each(['text']) })),
  };
}

export function images({ n }: ModelRequest): JsonObject {
  return { created: now(), data: Array.from({ length: typeof n === 'number' ? n : 1 }, () => ({ b64_json: ONE_PIXEL_PNG })) };
}

/** A quarter of a second of silence, as a WAV file: 8,000 samples a second of 8 bits. */
export function speech(): Buffer {
  const samples = 2000;
  const file = Buffer.alloc(44 + samples, 128);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + samples, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(8000, 24);
  file.writeUInt32LE(8000, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples, 40);
  return file;
}

export function transcription(bytes: number): JsonObject {
  return { text: `The demo provider does not listen. It received a form of ${bytes} bytes.`, usage: { type: 'duration', seconds: 1 } };
}

function toVector(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (let block = 0; block * 32 < dimensions; block += 1) {
    const bytes = createHash('sha256').update(`${block}:${text}`).digest();
    for (let index = 0; index < 32 && block * 32 + index < dimensions; index += 1) vector[block * 32 + index] = (bytes[index] ?? 0) - 127.5;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
