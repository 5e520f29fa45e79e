import { defineSink, type Sink } from '@sluice/core';

export type SampleNameSinkOptions = {
  /** Where the records are sent to. */
  readonly url: string;
  /** The longest wait for one answer, in milliseconds. Default 5000. */
  readonly timeoutMs?: number;
  /** The sink's name in reports of lost records. Default `sample-name`. */
  readonly name?: string;
};

/**
 * Sends call records by POST, a batch as one list in JSON. What is not taken is lost, and counted by the queue before it.
 *
 * @example
 * createGateway({ sinks: [sampleNameSink({ url: 'https://logs.example/calls' })] });
 */
export function sampleNameSink({ url, timeoutMs = 5000, name = 'sample-name' }: SampleNameSinkOptions): Sink {
  return defineSink({
    name,
    async write(records) {
      if (records.length === 0) return;
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(records), signal });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`Call records were not taken: ${response.status}`);
    },
  });
}
