import { randomUUID } from 'node:crypto';
import { type Adjustment, type Claim, defineStore, type Reservation, type Store, type StoreHold } from '@sluice/core';
import { type RedisCommands, script } from './commands.ts';
import { connect, type RedisAddress } from './connect.ts';
import { Guard, RedisAwayError } from './guard.ts';
import { keyNames } from './key-names.ts';
import { Owed } from './owed.ts';
import { CHANGE, SIGN_OF_LIFE, TOTAL } from './scripts.ts';

export type RedisStoreOptions = RedisAddress & {
  /** Stands before every key, so that gateways that have nothing to do with each other can share a Redis. Default `sluice`. */
  readonly prefix?: string;
  /** Longest wait for one answer, in milliseconds. Default 250. */
  readonly timeoutMs?: number;
  /** How long a process that gives no sign of life is waited for, before what it holds is given back. Default 10,000 ms. */
  readonly leaseMs?: number;
  /** Hears that Redis is away, that it is back, and that it has lost what it knew. Default: a process warning. */
  readonly onEvent?: (event: RedisStoreEvent) => void;
};

export type RedisStoreEvent = { readonly kind: 'away' | 'back' | 'lost'; readonly cause?: unknown };

/** A hold as it is kept: among which process's holds, and under which name. */
type Held = { readonly holder: string; readonly name: string };

const AT_ONCE = 500;
const change = script(CHANGE);
const total = script(TOTAL);
const signOfLife = script(SIGN_OF_LIFE);

/**
 * Keeps limits, budgets and the cache in Redis or Valkey, for all processes that share it. Every reservation is one
 * script and one round trip, whatever it claims.
 *
 * A process that dies gives back what it held within `leaseMs`. While Redis is away, calls are answered at once with
 * an error after the first few, and the gateway refuses or lets pass as `onStoreError` says.
 *
 * @example
 * gateway({ store: redisStore({ url: 'redis://127.0.0.1:6379' }) })
 */
export function redisStore(options: RedisStoreOptions): Store {
  const { prefix = 'sluice', timeoutMs = 250, leaseMs = 10_000, onEvent = warn } = options;
  const names = keyNames(prefix);
  const connection = connect(options, timeoutMs);
  const guard = new Guard({ timeoutMs, onChange: (kind, cause) => onEvent({ kind, ...(cause === undefined ? {} : { cause }) }) });
  const holder = names.holder(randomUUID());
  /** What did not get through, and holds of which nobody knows whether they were taken. */
  const owed = new Owed<Held>();
  const heart = setInterval(() => void beat(), leaseMs / 4).unref();
  let reservations = 0;
  let isFirstBeat = true;
  let clock: { readonly at: number; readonly readAt: number } | undefined;

  async function run<T>(command: (client: RedisCommands) => Promise<unknown>, onLate?: (answer: T) => void): Promise<T> {
    return guard.run(async () => (await command(await connection.client)) as T, onLate);
  }

  /** The last moment, by Redis's own clock, at which somebody still waits for what is sent now; 0 before that clock is known. */
  function lastMoment(): number {
    return clock === undefined ? 0 : Math.floor(clock.at + performance.now() - clock.readAt + timeoutMs);
  }

  /**
   * Whatever keeps it from Redis, what was used is told to it in the end: rather twice, when a connection breaks behind
   * it, than not. What is recorded is told in time or never.
   */
  async function endAll(adjustments: readonly Adjustment[], holds: readonly Held[]): Promise<void> {
    const input = {
      keys: [...holds.map((hold) => hold.holder), ...adjustments.map(({ key, windowMs }) => names.counter(key, windowMs))],
      arguments: [String(holds.length), ...holds.map(({ name }) => name), String(lastMoment()), ...adjustments.flatMap(toArguments), 'adjust'],
    };
    const owe = (error: unknown): never => {
      owed.add(
        adjustments.filter(({ isRecorded }) => !isRecorded),
        holds,
      );
      throw error;
    };
    try {
      // One that is late may fail behind its deadline as well.
      const isInTime = await run<number>((client) => change(client, input).catch(owe));
      if (isInTime === 0) throw new Error('Redis was told too late');
    } catch (error) {
      if (error instanceof RedisAwayError) owe(error);
      throw error;
    }
  }

  /** Sent before whatever comes next, and done before it: what a claim finds is as it would have been. */
  function payOwed(): void {
    const debts = [];
    for (let debt = owed.take(AT_ONCE); debt; debt = owed.take(AT_ONCE)) debts.push(debt);
    for (const { adjustments, holds } of debts) endAll(adjustments, holds).catch(() => undefined);
  }

  async function beat(): Promise<void> {
    try {
      const wasGone = await run<number>((client) => signOfLife(client, { keys: [names.processes, holder, names.mark], arguments: [String(leaseMs)] }));
      if (wasGone === 1 && !isFirstBeat) {
        owed.clear();
        onEvent({ kind: 'lost' });
      }
      isFirstBeat = false;
      payOwed();
    } catch {
      // The guard has told of it, and the next beat comes.
    }
  }

  return defineStore({
    tellsOutages: true,

    get: (key) => run<string | null>((client) => client.get(names.value(key))).then((value) => value ?? undefined),

    async set(key, value, { ttlMs } = {}) {
      await run((client) => client.set(names.value(key), value, ttlMs === undefined ? undefined : { PX: Math.max(1, Math.ceil(ttlMs)) }));
    },

    async delete(key) {
      await run((client) => client.del(names.value(key)));
    },

    async total(key, windowMs) {
      const counter = names.counter(key, windowMs);
      if (windowMs === undefined) return Number((await run((client) => client.get(counter))) ?? 0);
      return run((client) => total(client, { keys: [counter], arguments: [String(windowMs)] }));
    },

    async reserve(claims) {
      payOwed();
      const held: Held = { holder, name: String((reservations += 1)) };
      const record = toRecord(claims, names.counter);
      const input = {
        keys: [names.processes, holder, ...claims.map(({ key, windowMs }) => names.counter(key, windowMs))],
        arguments: [String(leaseMs), held.name, record, ...claims.flatMap(claimArguments), 'reserve'],
      };
      try {
        const answer = await run<number[]>(
          (client) => change(client, input),
          ([isAdmitted]) => void (isAdmitted === 1 && record !== '' && owed.add([], [held])),
        );
        if (answer[0] === 1) clock = { at: answer[1] ?? 0, readAt: performance.now() };
        return toReservation(answer, record === '' ? undefined : held);
      } catch (error) {
        if (record !== '' && !(error instanceof RedisAwayError)) owed.add([], [held]);
        throw error;
      }
    },

    async adjust(adjustments, ends = []) {
      if (adjustments.length + ends.length === 0) return;
      await endAll(adjustments, ends as readonly Held[]).catch((error: unknown) => {
        // The guard has told that Redis is away, and what is owed is kept.
        if (adjustments.some(({ isRecorded }) => isRecorded)) throw error;
      });
    },

    async close() {
      clearInterval(heart);
      await connection.close();
    },
  });
}

function toReservation([isAdmitted, first = 0, ...rest]: readonly number[], held: Held | undefined): Reservation {
  if (isAdmitted === 1) return { ok: true, at: first, totals: rest, ...(held && { hold: held satisfies StoreHold }) };
  const [sum = 0, waitMs = -1] = rest;
  return { ok: false, refused: first, total: sum, ...(waitMs < 0 ? {} : { retryAfterMs: waitMs }) };
}

/** What is held, as the script gives it back. Numbers are written out: as numbers they would lose digits in JSON there. */
function toRecord(claims: readonly Claim[], counter: (key: string) => string): string {
  const held = claims.filter(({ isHeld }) => isHeld).map(({ key, amount, expiresAt = 0 }) => [counter(key), String(amount), String(expiresAt)]);
  return held.length === 0 ? '' : JSON.stringify(held);
}

function claimArguments({ amount, limit, windowMs = 0, expiresAt = 0, atLeast = 0 }: Claim): string[] {
  return [amount, Math.min(limit, Number.MAX_SAFE_INTEGER), windowMs, expiresAt, windowMs > 0 ? 0 : atLeast].map(String);
}

function toArguments({ by, windowMs = 0, at = 0, expiresAt = 0, isRecorded }: Adjustment): string[] {
  return [by, windowMs, at, expiresAt, isRecorded ? 1 : 0].map(String);
}

function warn({ kind, cause }: RedisStoreEvent): void {
  const said = { away: 'Redis does not answer; limits and budgets cannot be checked', back: 'Redis answers again', lost: 'Redis has lost its counters' }[kind];
  process.emitWarning(cause instanceof Error ? `${said}: ${cause.message}` : said, 'SluiceStoreWarning');
}
