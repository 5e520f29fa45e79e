import type { JsonObject } from '../types/json.ts';
import type { Mapping } from './provider.ts';

type Embedding = { readonly embedding?: unknown };

/**
 * Vectors in base64, for callers who asked for it, from hosts that send numbers all the same. The official
 * clients ask for base64 unless told otherwise, and make nonsense of numbers.
 */
export const encodeEmbeddings: NonNullable<Mapping['toReply']> = (body, { request }) => {
  const reply = body as JsonObject;
  const { data } = reply;
  if (request.encoding_format !== 'base64' || !Array.isArray(data)) return reply;
  const vectors = data as readonly Embedding[];
  if (!vectors.some(({ embedding }) => Array.isArray(embedding))) return reply;
  return { ...reply, data: vectors.map((item) => (Array.isArray(item.embedding) ? { ...item, embedding: toBase64(item.embedding) } : item)) };
};

/** Little-endian floats of 32 bits, as OpenAI packs them. */
function toBase64(numbers: readonly number[]): string {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) bytes.writeFloatLE(number, index * 4);
  return bytes.toString('base64');
}
