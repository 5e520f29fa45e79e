import { GatewayError } from '../../errors/gateway-error.ts';
import { deadline } from '../../stream/deadline.ts';
import { isPromise } from '../../stream/maybe-promise.ts';
import type { ModelRequest } from '../../types/chat.ts';
import type { Edit, Guardrail, GuardrailText, Span, Verdict } from '../../types/guardrail.ts';
import type { JsonObject, MaybePromise } from '../../types/json.ts';
import { VerdictSignal } from './verdict-signal.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const ALLOWED: Verdict = { action: 'allow' };

/** {@link AskModel}, until the signal says that nobody waits any more. */
export type AskGateway = (operation: 'chat' | 'moderations', request: ModelRequest, signal: AbortSignal) => Promise<JsonObject>;

/** What is the same for all texts of one call in one direction. */
export type Bench = {
  readonly direction: 'input' | 'output';
  readonly signal: AbortSignal;
  /** Hears of failures that a guardrail with `onError: 'open'` lets pass. */
  readonly onError: (error: unknown) => void;
  readonly ask?: AskGateway | undefined;
};

/**
 * The verdict of one guardrail. One that throws, takes too long or answers nonsense has failed: the call is
 * refused, unless the guardrail says `onError: 'open'`.
 * @throws GatewayError `guardrail_failed`, or `aborted` when the caller has left.
 */
export function judge(guardrail: Guardrail, text: string, at: { readonly place: string; readonly from?: number }, bench: Bench): MaybePromise<Verdict> {
  const { ask } = bench;
  const waits = new VerdictSignal(bench.signal);
  const piece: GuardrailText = {
    text,
    from: at.from ?? 0,
    direction: bench.direction,
    place: at.place,
    get signal() {
      return waits.signal;
    },
    ...(ask && { ask: (operation, request) => ask(operation, request, waits.signal) }),
  };
  try {
    const verdict = guardrail.check(piece);
    return isPromise(verdict) ? settled(guardrail, verdict, text, bench).finally(() => waits.end()) : requireVerdict(verdict, text);
  } catch (error) {
    return failed(guardrail, error, bench);
  }
}

async function settled(guardrail: Guardrail, verdict: Promise<Verdict>, text: string, bench: Bench): Promise<Verdict> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = guardrail;
  try {
    return requireVerdict(await deadline(untilAborted(verdict, bench.signal), timeoutMs, () => new Error(`no verdict within ${timeoutMs} ms`)), text);
  } catch (error) {
    return failed(guardrail, error, bench);
  }
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(new GatewayError('aborted', 'The caller has left'));
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    if (signal.aborted) leave();
  });
}

function failed(guardrail: Guardrail, cause: unknown, { signal, onError }: Bench): Verdict {
  if (signal.aborted) throw new GatewayError('aborted', 'The caller has left', { cause });
  const failure = new GatewayError('guardrail_failed', `The guardrail '${guardrail.name}' could not judge the text`, { cause });
  if (guardrail.onError !== 'open') throw failure;
  onError(failure);
  return ALLOWED;
}

/** The refusal that a block leads to. */
export function blockedBy(guardrail: Guardrail, reason: string, { direction }: Bench): GatewayError {
  const what = direction === 'input' ? 'request' : 'answer';
  return new GatewayError('guardrail_blocked', `The ${what} was blocked by '${guardrail.name}': ${reason}`, { wireCode: guardrail.name });
}

function requireVerdict(verdict: Verdict, text: string): Verdict {
  switch (verdict?.action) {
    case 'allow':
      return verdict;
    case 'block':
      if (typeof verdict.reason === 'string' && (verdict.span === undefined || isWithin(verdict.span, text))) return verdict;
      break;
    case 'redact':
      if (Array.isArray(verdict.edits) && verdict.edits.every((edit: Edit) => isWithin(edit, text) && typeof edit.replacement === 'string')) return verdict;
      break;
  }
  throw new TypeError('The verdict is not one: an action is missing, or a place lies outside the text');
}

function isWithin({ start, end }: Span, text: string): boolean {
  return Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= text.length;
}
