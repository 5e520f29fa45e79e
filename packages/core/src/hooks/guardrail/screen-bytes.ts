import type { BytesReply } from '../../types/call.ts';
import type { Guardrail } from '../../types/guardrail.ts';
import type { Bench } from './judge.ts';
import { screenValue } from './screen-value.ts';

const TEXT = /^(?:text\/|application\/(?:json|x-subrip))/i;

/** A transcript that comes as plain text or subtitles is collected and judged whole. Sound and images cannot be. */
export async function screenBytes(reply: BytesReply, guardrails: readonly Guardrail[], bench: Bench): Promise<BytesReply> {
  if (!TEXT.test(reply.contentType)) return reply;
  const chunks: Uint8Array[] = [];
  for await (const chunk of reply.chunks) chunks.push(chunk);
  const { text } = await screenValue({ text: Buffer.concat(chunks).toString('utf8') }, guardrails, bench);
  return { ...reply, chunks: once(Buffer.from(text)) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
