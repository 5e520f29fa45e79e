import type { Json, JsonObject } from './json.ts';

/** What a caller may ask for. Plugins and later releases may add operations of their own. */
export type Operation = ModelOperation | FileOperation | LocalOperation | ManagementOperation;

/** Operations that a deployment answers. */
export type ModelOperation =
  | 'chat'
  | 'completions'
  | 'embeddings'
  | 'moderations'
  | 'images.generate'
  | 'images.edit'
  | 'audio.speech'
  | 'audio.transcribe'
  | 'audio.translate'
  | 'responses'
  | 'rerank'
  | 'ocr'
  | 'tokens.count';

/** Operations on what is kept at a provider. Which deployment answers is told by the id, once there is one. */
export type FileOperation =
  | 'files.create'
  | 'files.list'
  | 'files.get'
  | 'files.content'
  | 'files.delete'
  | 'batches.create'
  | 'batches.list'
  | 'batches.get'
  | 'batches.cancel';

/** Operations that the gateway answers by itself, from what it knows. */
export type LocalOperation = 'models.list' | 'models.get' | 'health' | 'metrics' | 'upgrade';

/** Operations on who there is: keys, users, teams and so on. */
export type ManagementOperation = `admin.${string}`;

/**
 * The events of one read from upstream, so that a stream costs one turn of the loop a read and not one an event.
 * `wire` holds the very bytes of exactly these events and is gone once any of them was changed.
 */
export type Batch = { readonly events: readonly Json<JsonObject>[]; readonly wire?: Uint8Array | undefined };

/**
 * What a hook returns: a whole JSON answer, the start of a stream of events, or bytes (speech).
 * A stream that breaks throws from its iterator; it never just ends.
 */
export type Reply = CompleteReply | StreamReply | BytesReply;

export type CompleteReply = { readonly kind: 'complete'; readonly body: Json<JsonObject> };

export type StreamReply = { readonly kind: 'stream'; readonly batches: AsyncIterable<Batch> };

export type BytesReply = { readonly kind: 'bytes'; readonly contentType: string; readonly chunks: AsyncIterable<Uint8Array> };

/** How a call ended. Known only after the last byte has left, or the call has failed. */
export type Outcome = { readonly status: 'ok' } | { readonly status: 'aborted' } | { readonly status: 'error'; readonly error: unknown };
