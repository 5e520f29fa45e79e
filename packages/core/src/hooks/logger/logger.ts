import type { Context } from '../../pipeline/context.ts';
import type { Hook } from '../../pipeline/hook.ts';
import { isLocal } from '../../pipeline/operations.ts';
import { ownCall } from '../../pipeline/own-call.ts';
import { unrecorded } from '../../pipeline/unrecorded.ts';
import type { CallRecord, Ledger, Sink } from '../../types/record.ts';
import { listener, type Listener } from './listen.ts';
import { redactor } from './redactor.ts';
import { sinkQueue, type SinkQueueOptions } from './sink-queue.ts';
import { toRecord } from './to-record.ts';

export type LoggerOptions = {
  readonly sinks: readonly Sink[];
  /** Gets the calls of everybody who is known, and is waited for. */
  readonly ledger?: Ledger | undefined;
  /** Credentials known by value, hidden wherever they turn up. */
  readonly secrets?: () => readonly string[];
  /** Whether messages may be in others' words, such as a provider's, which can repeat the prompt. Default false. */
  readonly quoteErrors?: boolean | undefined;
  /** Whether sinks get what was asked and answered. Default false. */
  readonly recordMessages?: boolean | undefined;
  /** Longest wait for the sinks when the gateway closes. Default 5 seconds. */
  readonly closeTimeoutMs?: number;
  readonly queue?: Omit<SinkQueueOptions, 'onError'>;
  readonly onError: (error: unknown) => void;
};

/**
 * Gives each sink, and the ledger, one record of every call, however it ends. It defers first, so its work runs last:
 * usage and cost are final by then.
 */
export function logger(options: LoggerOptions): Hook {
  const { ledger, closeTimeoutMs = 5000, onError } = options;
  const queues = options.sinks.map((sink) => sinkQueue(sink, { ...options.queue, onError }));
  const recordOptions = { redact: redactor(options.secrets ?? nothingKnown), quoteErrors: options.quoteErrors === true };

  /** Records whose texts are still being put together. */
  const telling = new Set<Promise<void>>();

  /** What was said goes to the sinks, and never into the ledger, which keeps what it has for good. */
  function tellWith(heard: Listener, record: CallRecord, ctx: Context): void {
    const told = heard
      .said(ctx, recordOptions.redact)
      .then(
        (said) => ({ ...record, said }),
        (error: unknown) => {
          onError(error);
          return record;
        },
      )
      .then((whole) => {
        for (const queue of queues) queue.add(whole);
        telling.delete(told);
      });
    telling.add(told);
  }

  return {
    name: 'logger',
    phase: 'logger',
    handle(ctx, next) {
      // What a guardrail asks a model is the text that it has yet to judge.
      const isHeard = options.recordMessages && queues.length > 0 && !isLocal(ctx.operation) && !ctx.get(ownCall);
      const heard = isHeard ? listener() : undefined;
      ctx.defer((outcome) => {
        const record = toRecord(ctx, outcome, recordOptions);
        if (heard) tellWith(heard, record, ctx);
        else for (const queue of queues) queue.add(record);
        return ledger && ctx.principal && !isLocal(ctx.operation) ? keep(ledger, record, ctx) : undefined;
      });
      return heard ? next().then(heard.hear) : next();
    },
    async close() {
      await Promise.all(telling);
      await Promise.all(queues.map((queue) => queue.close(closeTimeoutMs)));
      await ledger?.close?.();
    },
  };
}

const NOTHING: readonly string[] = [];

function nothingKnown(): readonly string[] {
  return NOTHING;
}

async function keep(ledger: Ledger, record: CallRecord, ctx: Context): Promise<void> {
  try {
    await ledger.append(record);
  } catch (error) {
    ctx.set(unrecorded, error);
    throw error;
  }
}
