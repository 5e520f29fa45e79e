import { GatewayError } from '../../errors/gateway-error.ts';
import type { BytesReply, Operation } from '../../types/call.ts';
import type { Guardrail } from '../../types/guardrail.ts';
import type { Bench } from './judge.ts';
import { screenValue } from './screen-value.ts';

const TEXT = /^(?:text\/|application\/(?:json|x-subrip))/i;
/** They write down speech, so their bytes are text, whatever the provider calls them. */
const WRITING: ReadonlySet<Operation> = new Set<Operation>(['audio.transcribe', 'audio.translate']);
const MOST_BYTES = 16 * 1024 * 1024;

/** Whether there is anything to judge: sound and images cannot be. */
export function holdsText({ contentType }: BytesReply, operation: Operation): boolean {
  return WRITING.has(operation) || TEXT.test(contentType);
}

/**
 * A transcript that comes as plain text or subtitles is collected and judged whole.
 * @throws GatewayError as {@link screenValue}, and `upstream_invalid_answer` for one that is too long.
 */
export async function screenBytes(reply: BytesReply, guardrails: readonly Guardrail[], bench: Bench): Promise<BytesReply> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of reply.chunks) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new GatewayError('upstream_invalid_answer', `The provider's text is over ${MOST_BYTES} bytes, more than guardrails hold back`);
    chunks.push(chunk);
  }
  const { text } = await screenValue({ text: Buffer.concat(chunks).toString('utf8') }, guardrails, bench);
  return { ...reply, chunks: once(Buffer.from(text)) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
