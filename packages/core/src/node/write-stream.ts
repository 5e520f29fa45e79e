import type { ServerResponse } from 'node:http';

/** A silent stream says that it is alive after two to three of these; proxies cut what is silent for a minute. */
const TICK_MS = 4_000;
const TICKS_OF_SILENCE = 3;

/** Compression middleware adds it, and holds back what is not flushed. */
type Flushable = ServerResponse & { flush?(): void };

/**
 * Writes a stream to its end at its reader's pace, one write a chunk. Ends early when the caller leaves
 * or the host ends the answer.
 * A body that throws has no form for its error: cutting the connection is then the only honest end.
 */
export async function writeStream(body: AsyncIterable<string | Uint8Array>, res: Flushable, keepAlive: string | undefined): Promise<void> {
  const chunks = body[Symbol.asyncIterator]();
  let isOpen = true;
  let silentTicks = 0;
  let wake = (): void => undefined;

  // One listener each for the whole stream: compression moves 'drain' elsewhere, where it could not be taken off again.
  res.on('drain', () => wake());
  res.on('close', () => {
    isOpen = false;
    wake();
  });
  // The head leaves with the first chunk when that is there, and alone when hooks still hold it back.
  const head = setImmediate(() => res.flushHeaders());
  const heart = keepAlive === undefined ? undefined : setInterval(beat, TICK_MS, keepAlive).unref();

  function beat(comment: string): void {
    silentTicks += 1;
    if (silentTicks < TICKS_OF_SILENCE || res.writableNeedDrain || res.writableEnded) return;
    silentTicks = 0;
    res.write(comment);
    res.flush?.();
  }

  try {
    while (isOpen) {
      const result = await chunks.next();
      clearImmediate(head);
      // The host may have ended it, and a write behind the end is an error that nobody hears.
      isOpen &&= !res.writableEnded;
      if (result.done || !isOpen) break;
      silentTicks = 0;
      const hasRoom = res.write(result.value);
      res.flush?.();
      if (!hasRoom && isOpen) await new Promise<void>((resolve) => (wake = resolve));
    }
    if (isOpen) res.end();
    else await chunks.return?.();
  } catch {
    res.destroy();
  } finally {
    clearImmediate(head);
    clearInterval(heart);
  }
}
