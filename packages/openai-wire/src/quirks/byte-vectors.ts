import type { JsonObject } from '@sluice/core';
import { omit, type Quirk } from './quirk.ts';

/** The forms of its own, which whoever asks for them by name gets as they are. */
const OWN_FORMS: ReadonlySet<unknown> = new Set(['base64_int8', 'base64_binary']);

/**
 * Perplexity gives vectors as signed bytes in base64, and in no other numbers. They are told as numbers from -128 to 127:
 * the angle between two vectors, which is what they are for, is the same.
 * https://docs.perplexity.ai/api-reference/embeddings-post
 */
export const byteVectors: Quirk = {
  vectors: {
    toRequest: (request) => (OWN_FORMS.has(request.encoding_format) ? request : (omit(request, 'encoding_format') as typeof request)),
    toReply(reply, { encoding_format: form }) {
      const { data } = reply;
      if (OWN_FORMS.has(form) || !Array.isArray(data)) return reply;
      return { ...reply, data: (data as readonly JsonObject[]).map((item) => ({ ...item, embedding: numbersIn(item.embedding) })) };
    },
  },
};

function numbersIn(vector: unknown): unknown {
  return typeof vector === 'string' ? [...new Int8Array(Buffer.from(vector, 'base64'))] : vector;
}
