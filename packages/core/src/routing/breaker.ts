import type { ErrorCode } from '../errors/error-codes.ts';
import type { GatewayError } from '../errors/gateway-error.ts';
import type { FailureClass } from '../types/model-group.ts';
import { MAX_RETRY_AFTER_MS } from './backoff.ts';
import { failureClassOf } from './failure.ts';

export type BreakerOptions = {
  /** How long a deployment that failed is passed over, in milliseconds; 0 never. Default 5,000. */
  readonly cooldownMs?: number | undefined;
  /** Failures within a minute that are borne before that. Default 0 for what says that nothing can be had there now, 4 for the rest. */
  readonly allowedFails?: number | undefined;
  /** The same for kinds of failure, each counted by itself; those that are no fault of the deployment count only when they are named here. */
  readonly allowedFailsFor?: Readonly<Partial<Record<FailureClass, number>>> | undefined;
};

/** Nothing can be had there now, whatever is asked for. */
const DOWN: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['upstream_rate_limited', 'upstream_overloaded', 'upstream_unreachable', 'upstream_timeout']);
/** Set up wrongly: it will not mend by itself, and others are not concerned. */
const WRONG: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['upstream_authentication', 'upstream_permission']);
const FAILED: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['upstream_error', 'upstream_stream_broken', 'upstream_invalid_answer']);

const COOLDOWN_MS = 5_000;
const LONGEST_COOLDOWN_MS = 60_000;
const WINDOW_MS = 60_000;
const OTHER_FAILS = 4;
const RAMP_MS = 10_000;
const FIRST_SHARE = 0.1;
/** A probe that tells nothing for so long stands in nobody's way. */
const PROBE_MS = 1_000;

/** `closed`: as any other. `open`: passed over. `half-open`: one call at a time finds out. `ramping`: a growing share. */
export type BreakerState = 'closed' | 'open' | 'half-open' | 'ramping';

/**
 * Takes a deployment that fails out of the way, lets single calls find out whether it is back, and then gives it
 * its share little by little. It only says who goes last: where nobody else is left, calls go there all the same.
 */
export class Breaker {
  readonly #now: () => number;
  #until = 0;
  #openings = 0;
  #probedAt = Number.NEGATIVE_INFINITY;
  #rampFrom: number | undefined;
  #windowFrom = Number.NEGATIVE_INFINITY;
  #calls = 0;
  #fails = 0;
  #reason: ErrorCode | undefined;
  #failsOf: Partial<Record<FailureClass, number>> = {};

  constructor(now: () => number) {
    this.#now = now;
  }

  get state(): BreakerState {
    if (this.#until > 0) return this.#until > this.#now() ? 'open' : 'half-open';
    return this.#rampFrom === undefined || this.#rampFrom + RAMP_MS <= this.#now() ? 'closed' : 'ramping';
  }

  /** Until when it is passed over, on the router's clock; 0 when it is not. */
  get until(): number {
    return this.#until;
  }

  /** What it failed with when it was last told to be passed over, where it was this process that found out. */
  get reason(): ErrorCode | undefined {
    return this.#reason;
  }

  /** Whether a call may go there before others do. `random` decides for a deployment that is on its way back. */
  isReady(random: () => number): boolean {
    const now = this.#now();
    if (this.#until > 0) return this.#until <= now && now - this.#probedAt >= PROBE_MS;
    if (this.#rampFrom === undefined) return true;
    const share = FIRST_SHARE + (1 - FIRST_SHARE) * ((now - this.#rampFrom) / RAMP_MS);
    return share >= 1 || random() < share;
  }

  /** Whether a call may be spent on finding out, although all there are have failed. */
  mayProbe(): boolean {
    return this.#now() - this.#probedAt >= PROBE_MS;
  }

  /** A call goes there. */
  begin(): void {
    if (this.#until > 0) this.#probedAt = this.#now();
  }

  succeeded(): void {
    const now = this.#now();
    if (this.#until > now) return;
    if (this.#until > 0) {
      this.#until = 0;
      this.#openings = 0;
      this.#rampFrom = now;
      this.#windowFrom = Number.NEGATIVE_INFINITY;
    } else this.#count(now, false);
  }

  /** Answers until when it is passed over from now on, when this failure has made it longer. */
  failed(error: GatewayError, options: BreakerOptions): number | undefined {
    const now = this.#now();
    const isOpen = this.#until > now;
    if (!this.#isTooMuch(error, now, options)) return undefined;
    // Calls that were under way when it opened tell nothing new.
    const cooldownMs = cooldownFor(error, isOpen ? Math.max(0, this.#openings - 1) : this.#openings, options);
    if (cooldownMs <= 0) return undefined;
    if (!isOpen) this.#openings += 1;
    this.#probedAt = now;
    this.#reason = error.code;
    return this.openUntil(now + cooldownMs) ? this.#until : undefined;
  }

  /** Passed over until then, unless it already is for longer. */
  openUntil(until: number): boolean {
    if (until <= this.#until) return false;
    this.#until = until;
    this.#rampFrom = undefined;
    return true;
  }

  /** It was found to be well by other means than a call. */
  reset(): void {
    if (this.#until > 0) this.#rampFrom = this.#now();
    this.#until = 0;
    this.#openings = 0;
  }

  #isTooMuch({ code }: GatewayError, now: number, { allowedFails, allowedFailsFor }: BreakerOptions): boolean {
    if (this.#until > 0 && this.#until <= now) return DOWN.has(code) || WRONG.has(code) || FAILED.has(code);
    const own = failureClassOf(code);
    const allowed = own && allowedFailsFor?.[own];
    if (own !== undefined && allowed !== undefined) {
      this.#count(now, true);
      return (this.#failsOf[own] = (this.#failsOf[own] ?? 0) + 1) > allowed;
    }
    if (WRONG.has(code)) return true;
    if (!DOWN.has(code) && !FAILED.has(code)) return false;
    this.#count(now, true);
    if (allowedFails !== undefined) return this.#fails > allowedFails;
    return DOWN.has(code) || (this.#fails > OTHER_FAILS && this.#fails * 2 > this.#calls);
  }

  #count(now: number, isFailure: boolean): void {
    if (now - this.#windowFrom >= WINDOW_MS) {
      this.#windowFrom = now;
      this.#calls = 0;
      this.#fails = 0;
      this.#failsOf = {};
    }
    this.#calls += 1;
    if (isFailure) this.#fails += 1;
  }
}

/** What the provider asked for, up to a minute; else longer each time that it was not back yet. */
function cooldownFor({ retryAfterMs }: GatewayError, openings: number, { cooldownMs = COOLDOWN_MS }: BreakerOptions): number {
  if (cooldownMs === 0) return 0;
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
  return Math.min(LONGEST_COOLDOWN_MS, cooldownMs * 2 ** openings);
}
