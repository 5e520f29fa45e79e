// Closed-loop load: each connection sends its next request when the last answer is complete.
import { nowMicros } from '../chunk-format.ts';
import { answerCalls } from '../rpc.ts';
import { quantile } from '../stats.ts';
import { LoadConnection } from './load-connection.ts';

export type LoadRequest = {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connections: number;
  /** New requests begin until then; those under way are completed. */
  readonly durationMs: number;
  /** Ends earlier, after so many answers. */
  readonly maxAnswers?: number;
  /** Spreads the first requests over so many milliseconds. */
  readonly rampMs?: number;
  /** Leaves each stream at its first chunk, and opens another connection for the next. */
  readonly leaveEarly?: boolean;
};

export type LoadResult = {
  readonly answers: number;
  readonly seconds: number;
  /** From the request to the end of the answer. */
  readonly p50Us: number;
  readonly p99Us: number;
  readonly chunks: number;
  readonly firstChunkP50Us: number;
  /** From the mock's write to our read. */
  readonly chunkP50Us: number;
  readonly chunkP99Us: number;
  readonly errors: readonly string[];
};

const MAX_ERRORS = 5;

function load(options: LoadRequest): Promise<LoadResult> {
  const request = toBytes(options);
  const times: number[] = [];
  const firstChunkTimes: number[] = [];
  const chunkTimes: number[] = [];
  const errors: string[] = [];
  let chunks = 0;
  let begun = 0;
  let open = options.connections;
  let stopsAt = Number.POSITIVE_INFINITY;
  let endedAt = 0;
  const startedAt = nowMicros();

  return new Promise((resolve) => {
    function run(): void {
      let sentAt = 0;
      let isFirst = true;
      const connection = new LoadConnection(options.port, {
        chunk(micros) {
          const now = nowMicros();
          chunks += 1;
          if (isFirst) firstChunkTimes.push(now - sentAt);
          isFirst = false;
          if (micros > 0) chunkTimes.push(now - micros);
          if (!options.leaveEarly) return;
          connection.close();
          if (isOver()) leave();
          else run();
        },
        end(status) {
          if (status !== 200) {
            fail(`status ${status}`);
            return;
          }
          times.push(nowMicros() - sentAt);
          next();
        },
        broken: fail,
      });

      function next(): void {
        if (isOver()) {
          connection.close();
          leave();
          return;
        }
        begun += 1;
        isFirst = true;
        sentAt = nowMicros();
        connection.send(request);
      }

      function fail(reason: string): void {
        if (errors.length < MAX_ERRORS) errors.push(reason);
        connection.close();
        leave();
      }

      next();
    }

    function isOver(): boolean {
      return nowMicros() >= stopsAt || begun >= (options.maxAnswers ?? Number.POSITIVE_INFINITY);
    }

    function leave(): void {
      open -= 1;
      if (open > 0) return;
      endedAt = nowMicros();
      resolve({
        answers: options.leaveEarly ? begun : times.length,
        seconds: (endedAt - startedAt) / 1e6,
        p50Us: quantile(times, 0.5),
        p99Us: quantile(times, 0.99),
        chunks,
        firstChunkP50Us: quantile(firstChunkTimes, 0.5),
        chunkP50Us: quantile(chunkTimes, 0.5),
        chunkP99Us: quantile(chunkTimes, 0.99),
        errors,
      });
    }

    stopsAt = startedAt + options.durationMs * 1000;
    for (let index = 0; index < options.connections; index += 1) {
      if (options.rampMs) setTimeout(run, (index * options.rampMs) / options.connections);
      else run();
    }
  });
}

function toBytes({ path, headers, body }: LoadRequest): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

answerCalls({ load });
