import { assumedUsage, transcriptUsage } from '../pricing/assumed-usage.ts';
import { afterFirst } from '../stream/after-first.ts';
import { counted } from '../stream/counted.ts';
import { mapLines } from '../stream/map-lines.ts';
import type { Reply } from '../types/call.ts';
import type { JsonObject } from '../types/json.ts';
import { mapSafely } from './map-safely.ts';
import type { WireResponse } from './provider.ts';
import { type Reading, usageIn } from './reading.ts';

/** An answer that is passed on as it comes: speech, subtitles, the contents of a file. */
export async function openBytes({ ctx, mapping, call, charge }: Reading, { body }: WireResponse, contentType: string): Promise<Reply> {
  const toLine = mapping.toLine?.(call);
  const chunks = await afterFirst(toLine ? mapLines(body, (line) => JSON.stringify(mapSafely(() => toLine(JSON.parse(line) as JsonObject)))) : body);
  ctx.firstByteAt = performance.now();
  const usage = mapping.toUsage && usageIn({}, mapping, call);
  charge(usage ?? assumedUsage(call.operation, call.request, call.deployment.price));
  const isTranscript = call.operation === 'audio.transcribe' || call.operation === 'audio.translate';
  return {
    kind: 'bytes',
    contentType: contentType === '' ? 'application/octet-stream' : contentType,
    // Subtitles and plain text tell nothing of the length of the recording, but their own.
    chunks: usage === undefined && isTranscript ? counted(chunks, (bytes) => charge(transcriptUsage(bytes, call.deployment.price))) : chunks,
  };
}
