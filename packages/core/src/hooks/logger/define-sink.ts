import type { Sink } from '../../types/record.ts';

/** Types a sink as it is written. */
export function defineSink(sink: Sink): Sink {
  return sink;
}
