import type { ModelOperation } from '../types/call.ts';
import { aCount, aFlag, aNumber, anObject, aText, chat, message, model, sampling, streaming, tool } from './chat-shape.ts';
import { either, fields, list, off, oneOf, optional, text, whole } from './shape.ts';

const tokens = list(whole(0), 1);

const transcription = { model, prompt: aText, response_format: aText, temperature: aNumber };

/** What a request of each operation has to look like, as far as Sluice relies on it. Files of a form are not among the fields. */
export const REQUEST_SHAPES = {
  chat,
  completions: fields({
    model,
    prompt: optional(either(text(), list(text()), tokens, list(tokens))),
    suffix: aText,
    max_tokens: optional(whole(0)),
    best_of: aCount,
    echo: aFlag,
    logprobs: optional(whole(0)),
    ...streaming,
    ...sampling,
  }),
  embeddings: fields({
    model,
    input: either(text(), list(text(), 1), tokens, list(tokens, 1)),
    encoding_format: optional(oneOf('float', 'base64')),
    dimensions: aCount,
    user: aText,
  }),
  moderations: fields({ model, input: either(text(), list(either(text(), fields({ type: text() })), 1)) }),
  'images.generate': fields({
    model,
    prompt: text({ min: 1 }),
    n: aCount,
    size: aText,
    quality: aText,
    style: aText,
    background: aText,
    response_format: aText,
    output_format: aText,
    user: aText,
    stream: aFlag,
  }),
  'images.edit': fields({ model, prompt: aText, n: aCount, size: aText, quality: aText, response_format: aText, user: aText, stream: aFlag }),
  'audio.speech': fields({
    model,
    input: text({ min: 1 }),
    voice: optional(either(text(), fields())),
    instructions: aText,
    response_format: aText,
    speed: aNumber,
    stream_format: aText,
  }),
  'audio.transcribe': fields({ ...transcription, language: aText, stream: aFlag }),
  'audio.translate': fields(transcription),
  responses: fields({
    model,
    input: optional(either(text(), list(fields()))),
    instructions: aText,
    max_output_tokens: aCount,
    previous_response_id: aText,
    tools: optional(list(fields({ type: text({ min: 1 }) }))),
    temperature: aNumber,
    top_p: aNumber,
    store: aFlag,
    stream: aFlag,
    metadata: anObject,
    // Its answer, and what that cost, would come behind the gateway's back.
    background: optional(off('there is no route to fetch the answer by')),
  }),
  rerank: fields({
    model,
    query: text({ min: 1 }),
    documents: list(either(text(), fields()), 1),
    top_n: optional(whole(0)),
    return_documents: aFlag,
    rank_fields: optional(list(text())),
    max_chunks_per_doc: aCount,
    max_tokens_per_doc: aCount,
  }),
  ocr: fields({
    model,
    document: fields({ type: text({ min: 1 }), document_url: aText, image_url: optional(either(text(), fields())), file_id: aText }),
    pages: optional(either(list(whole(0)), text())),
    include_image_base64: aFlag,
    image_limit: aCount,
    image_min_size: optional(whole(0)),
  }),
  'tokens.count': fields({
    model,
    messages: optional(list(message)),
    prompt: optional(either(text(), list(text()))),
    system: optional(either(text(), list(fields()))),
    tools: optional(list(tool)),
  }),
} as const satisfies Record<ModelOperation, ReturnType<typeof fields>>;

/** Every operation that a deployment may answer. */
export const MODEL_OPERATIONS = Object.keys(REQUEST_SHAPES) as readonly ModelOperation[];
