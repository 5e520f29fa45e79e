import { type CallRecord, defineSink, isLocal, postJson, type Sink } from '@sluice/core';
import type { Ingestion } from './ingestion.ts';
import { type Observation, toObservation } from './observation.ts';
import { toOtlp } from './otlp.ts';

export type LangfuseSinkOptions = {
  readonly publicKey: string;
  readonly secretKey: string;
  /** The Langfuse server. Default `https://cloud.langfuse.com`. */
  readonly baseUrl?: string;
  /**
   * `otlp` (default): OpenTelemetry's, which every Langfuse from version 3 takes. `ingestion`: the older one, as the
   * library `langfuse` speaks it, which Langfuse 4 and Langfuse Cloud take no more.
   */
  readonly api?: 'otlp' | 'ingestion';
  /** Where the gateway runs, such as `production`. */
  readonly environment?: string;
  readonly release?: string;
  /** Longest wait for one answer, in milliseconds. Default 4000. */
  readonly timeoutMs?: number;
  /** The sink's name in reports of lost records. Default `langfuse`. */
  readonly name?: string;
};

/**
 * Tells Langfuse of every call: who made it, what it used and cost, how it ended, and, where the gateway has
 * `recordMessages`, what was asked and answered. A caller's metadata (`trace_id`, `session_id`, `generation_name`, …)
 * says where it belongs.
 *
 * @example
 * createGateway({ recordMessages: true, sinks: [langfuseSink({ publicKey, secretKey })] });
 */
export function langfuseSink({ name = 'langfuse', ...options }: LangfuseSinkOptions): Sink {
  const send = options.api === 'ingestion' ? byIngestion(options) : byOtlp(options);
  return defineSink({
    name,
    async write(records) {
      const observations = records.filter(isTold).map(toObservation);
      if (observations.length > 0) await send(observations);
    },
  });
}

/** Strangers are refused in any number, and lists of models are no generations. */
function isTold({ operation, keyId }: CallRecord): boolean {
  return keyId !== undefined && !isLocal(operation);
}

type Send = (observations: readonly Observation[]) => Promise<void>;
type Options = Omit<LangfuseSinkOptions, 'name'>;

const CLOUD = 'https://cloud.langfuse.com';
/** Twice this, and the pause between the two tries, is less than the queue waits for a write. */
const TIMEOUT_MS = 4000;

function byOtlp({ publicKey, secretKey, baseUrl = CLOUD, environment, release, timeoutMs = TIMEOUT_MS }: Options): Send {
  const url = `${baseUrl.replace(/\/+$/, '')}/api/public/otel/v1/traces`;
  const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`;
  const headers = { authorization, 'x-langfuse-ingestion-version': '4' };
  return async (observations) => {
    const answer = await postJson(url, { headers, body: toOtlp(observations, { environment, release }), timeoutMs });
    const { partialSuccess } = parsed(answer) as { readonly partialSuccess?: { readonly rejectedSpans?: number | string } };
    refuse(Number(partialSuccess?.rejectedSpans ?? 0), observations.length);
  };
}

function byIngestion({ publicKey, secretKey, baseUrl = CLOUD, environment, release, timeoutMs = TIMEOUT_MS }: Options): Send {
  let opened: Promise<Ingestion> | undefined;

  /** The library is loaded only by who uses it. */
  async function open(): Promise<Ingestion> {
    const { ingestion } = await import('./ingestion.ts');
    const options = {
      publicKey,
      secretKey,
      baseUrl: baseUrl.replace(/\/+$/, ''),
      ...(environment !== undefined && { environment }),
      ...(release !== undefined && { release }),
    };
    return ingestion(options, async (url, { headers, body }) => {
      const answer = await postJson(url, { headers, body: JSON.parse(body) as unknown, timeoutMs });
      const { errors = [] } = parsed(answer) as { readonly errors?: readonly unknown[] };
      refuse(errors.length, (JSON.parse(body) as { batch: readonly unknown[] }).batch.length);
    });
  }

  return async (observations) => (await (opened ??= open())).send(observations);
}

function refuse(count: number, of: number): void {
  if (count > 0) throw new Error(`Langfuse has refused ${count} of ${of} entries`);
}

/** A server may answer with nothing at all. */
function parsed(answer: string): unknown {
  try {
    return (JSON.parse(answer) as object | null) ?? {};
  } catch {
    return {};
  }
}
