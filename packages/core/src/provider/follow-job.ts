import { GatewayError } from '../errors/gateway-error.ts';
import { matchesWildcard } from '../models/wildcard.ts';
import type { Context } from '../pipeline/context.ts';
import { abandon } from '../stream/abandon.ts';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import { sleep } from '../stream/sleep.ts';
import { collect } from './collect.ts';
import { mapSafely } from './map-safely.ts';
import type { FollowUp, Mapping, ProviderCall, WireRequest, WireResponse } from './provider.ts';

export type AskOptions = { readonly controller: LazyAbortController; readonly timeoutMs: number; readonly isSigned: boolean };

export type FollowJobOptions = {
  readonly ctx: Context;
  readonly mapping: Mapping;
  readonly call: ProviderCall;
  /** Where the job was given. */
  readonly url: string;
  /** For the job as a whole. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  /** One exchange with the provider. @throws GatewayError for an answer that is no success. */
  ask(wire: WireRequest, options: AskOptions): Promise<WireResponse>;
};

const MOST_QUESTIONS = 10_000;
/** Questions that may fail one after the other: the job goes on meanwhile. */
const MOST_FAILURES = 3;
const CANCEL_TIMEOUT_MS = 5_000;

/**
 * The answer of a provider that takes a job and is asked for it until it is done: as long as its mapping says where
 * to ask next. Whoever stops waiting, by leaving or by a failure, cancels the job where the mapping says how.
 */
export async function followJob(first: WireResponse, job: FollowJobOptions): Promise<WireResponse> {
  const until = performance.now() + job.timeoutMs;
  let cancel: WireRequest | undefined;
  try {
    let response = first;
    for (let questions = 0; questions < MOST_QUESTIONS; questions += 1) {
      const { next, answer } = await nextStep(response, job);
      if (!next) {
        if (cancel && !isJson(answer)) cancelUnlessRead(cancel, job);
        return answer;
      }
      cancel = next.cancel ?? cancel;
      response = await askUntil(until, next, job);
    }
    throw tooLong();
  } catch (error) {
    if (cancel) job.ctx.defer(cancelled(cancel, job));
    throw error;
  }
}

type Step = { readonly next: FollowUp | undefined; readonly answer: WireResponse };

async function nextStep(response: WireResponse, { mapping, call, maxAnswerBytes }: FollowJobOptions): Promise<Step> {
  if (!isJson(response)) return { next: undefined, answer: response };
  const bytes = await collect(response.body, maxAnswerBytes);
  const next = mapSafely(() => mapping.follow?.(JSON.parse(bytes.toString('utf8')), call));
  return { next, answer: { ...response, body: whole(bytes) } };
}

function isJson({ headers }: WireResponse): boolean {
  return String(headers['content-type'] ?? '').includes('json');
}

/** Asks after the wait, and again when the question, not the job, has failed. */
async function askUntil(until: number, { wire, afterMs }: FollowUp, job: FollowJobOptions): Promise<WireResponse> {
  const { controller } = job.ctx;
  for (let failures = 0; ; failures += 1) {
    const leftMs = until - performance.now();
    if (afterMs >= leftMs) throw tooLong();
    if (afterMs > 0) await sleep(afterMs, controller);
    try {
      return await ask(wire, job, { controller, timeoutMs: leftMs - afterMs });
    } catch (error) {
      if (controller.isAborted || failures >= MOST_FAILURES || !GatewayError.is(error) || error.retryable !== true) throw error;
    }
  }
}

/** A provider's word never leads where its mapping does not. */
function ask(wire: WireRequest, job: FollowJobOptions, limits: Omit<AskOptions, 'isSigned'>): Promise<WireResponse> {
  const { url, mapping } = job;
  const place = URL.canParse(wire.url) ? new URL(wire.url) : undefined;
  const isSigned = place?.origin === new URL(url).origin;
  if (!place || !(isSigned || mapping.followsTo?.some((allowed) => matchesWildcard(allowed, place.origin))))
    throw new GatewayError('upstream_invalid_answer', "The provider's job leads to an address that is not its own");
  // As it was judged: another reader of URLs may read the text otherwise.
  return job.ask({ ...wire, url: place.href }, { ...limits, isSigned });
}

function cancelUnlessRead(cancel: WireRequest, job: FollowJobOptions): void {
  job.ctx.defer(({ status }) => (status === 'ok' ? undefined : cancelled(cancel, job)()));
}

/** Sends the cancellation at once; what is deferred waits for it. A job that cannot be cancelled any more is over. */
function cancelled(cancel: WireRequest, job: FollowJobOptions): () => Promise<void> {
  const sent = Promise.resolve()
    .then(() => ask(cancel, job, { controller: new LazyAbortController(), timeoutMs: CANCEL_TIMEOUT_MS }))
    .then(({ body }) => abandon(body))
    .catch(() => undefined);
  return () => sent;
}

function tooLong(): GatewayError {
  return new GatewayError('upstream_timeout', "The provider's job did not end in time", { retryable: true });
}

function whole(bytes: Uint8Array): AsyncIterableIterator<Uint8Array> {
  return (async function* () {
    yield bytes;
  })();
}
