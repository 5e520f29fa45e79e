import { z } from 'zod';
import type { LocalOperation, Operation } from '../types/call.ts';
import { anyObject, chatSchema, count, flag, model, number, sampling, streaming, text } from './chat-schema.ts';

const tokens = z.array(z.int().min(0));
const embeddable = z.union([z.string(), z.array(z.string()).min(1), tokens.min(1), z.array(tokens.min(1)).min(1)]);

const transcription = {
  model,
  prompt: text,
  response_format: text,
  temperature: number,
};

/** What a request of each operation has to look like, as far as Sluice relies on it. Files of a form are not among the fields. */
export const REQUEST_SCHEMAS = {
  chat: chatSchema,
  completions: z.looseObject({
    model,
    prompt: z.union([z.string(), z.array(z.string()), tokens, z.array(tokens)]).nullish(),
    suffix: text,
    max_tokens: z.int().min(0).nullish(),
    best_of: count,
    echo: flag,
    logprobs: z.int().min(0).nullish(),
    ...streaming,
    ...sampling,
  }),
  embeddings: z.looseObject({
    model,
    input: embeddable,
    encoding_format: z.enum(['float', 'base64']).nullish(),
    dimensions: count,
    user: text,
  }),
  moderations: z.looseObject({
    model,
    input: z.union([z.string(), z.array(z.union([z.string(), z.looseObject({ type: z.string() })])).min(1)]),
  }),
  'images.generate': z.looseObject({
    model,
    prompt: z.string().min(1),
    n: count,
    size: text,
    quality: text,
    style: text,
    background: text,
    response_format: text,
    output_format: text,
    user: text,
    stream: flag,
  }),
  'images.edit': z.looseObject({ model, prompt: text, n: count, size: text, quality: text, response_format: text, user: text, stream: flag }),
  'audio.speech': z.looseObject({
    model,
    input: z.string().min(1),
    voice: z.union([z.string(), z.looseObject({})]).nullish(),
    instructions: text,
    response_format: text,
    speed: number,
    stream_format: text,
  }),
  'audio.transcribe': z.looseObject({ ...transcription, language: text, stream: flag }),
  'audio.translate': z.looseObject(transcription),
  responses: z.looseObject({
    model,
    input: z.union([z.string(), z.array(z.looseObject({}))]).nullish(),
    instructions: text,
    max_output_tokens: count,
    previous_response_id: text,
    tools: z.array(z.looseObject({ type: z.string().min(1) })).nullish(),
    temperature: number,
    top_p: number,
    store: flag,
    stream: flag,
    metadata: anyObject,
  }),
} as const satisfies Record<Exclude<Operation, LocalOperation>, z.ZodType>;
