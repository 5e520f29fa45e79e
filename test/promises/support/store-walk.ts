import type { Adjustment, Claim, Reservation, Store, StoreHold } from '@sluice/core';
import { must } from './must.ts';
import { type Entry, ReferenceCounters, type SimulatedCounter } from './reference-counters.ts';
import type { StepClaim, StoreStep } from './store-steps.ts';

/** A store whose time is the simulator's. */
export type SimulatedStore = {
  /** Of each process that shares it; the first is the only one where its state dies with it. */
  readonly stores: Store[];
  now(): number;
  pass(ms: number): void;
  /** How long the dead are waited for, and a process in the place of one that has died. Absent where all dies with it. */
  readonly lease?: { readonly ms: number; another(): Store };
};

type Taken = { readonly entry: Entry; readonly isHeld: boolean };
type Open = { readonly hold: StoreHold | undefined; readonly owner: Store; readonly at: number; readonly taken: readonly Taken[] };
type Dead = { readonly held: readonly Entry[]; readonly freedFrom: number };

/** The counters that histories are about: for all time, for one period, and over windows. */
export const COUNTERS: readonly SimulatedCounter[] = [
  { key: 'budget', limit: 60 },
  { key: 'other budget', limit: 25 },
  { key: 'places', limit: 4 },
  { key: 'period', limit: 20, expiresAt: 90_000 },
  { key: 'a minute', limit: 15, windowMs: 60_000 },
  { key: 'five minutes', limit: 30, windowMs: 300_000 },
];

/** Walks a store through a history beside a naive reference, and throws at the first rule that it breaks. */
export class StoreWalk {
  readonly #site: SimulatedStore;
  readonly #counters: readonly SimulatedCounter[];
  readonly #reference = new ReferenceCounters();
  readonly #open: Open[] = [];
  readonly #ended: Open[] = [];
  #dead: Dead[] = [];
  #refused: { readonly store: Store; readonly claims: readonly Claim[]; readonly retryAfterMs: number } | undefined;

  constructor(site: SimulatedStore) {
    this.#site = site;
    const startedAt = site.now();
    this.#counters = COUNTERS.map(({ expiresAt, ...counter }) => ({ ...counter, ...(expiresAt !== undefined && { expiresAt: startedAt + expiresAt }) }));
  }

  async take(step: StoreStep): Promise<void> {
    if (step.does === 'reserve')
      await this.#reserve(
        this.#store(step.by),
        step.claims.map((claim) => this.#toClaim(claim)),
      );
    else if (step.does === 'pass') await this.#pass(step.ms);
    else if (step.does === 'post') await this.#end(step.which, step.share);
    else if (step.does === 'void') await this.#end(step.which, 0);
    else if (step.does === 'end again') await this.#endAgain(step.which);
    else if (step.does === 'crash') this.#crash(step.by);
    else await this.#comeBack();
    await this.#check();
  }

  /** Ends everything: nothing may be held after that. */
  async rest(): Promise<void> {
    while (this.#open.length > 0) await this.#end(0, 0);
    if (this.#site.lease) await this.#pass(2 * this.#site.lease.ms);
    await this.#check();
  }

  #store(by: number): Store {
    return this.#site.stores[by % this.#site.stores.length] as Store;
  }

  #counterOf({ key }: Claim): SimulatedCounter {
    return this.#counters.find((counter) => counter.key === key) as SimulatedCounter;
  }

  #toClaim({ counter, amount, isHeld }: StepClaim): Claim {
    const { key, limit, windowMs, expiresAt } = this.#counters[counter % this.#counters.length] as SimulatedCounter;
    if (windowMs !== undefined) return { key, limit, windowMs, amount };
    return { key, limit, amount, ...(isHeld && { isHeld: true as const }), ...(expiresAt !== undefined && { expiresAt }) };
  }

  async #reserve(store: Store, claims: readonly Claim[]): Promise<Reservation> {
    const now = this.#site.now();
    const before = claims.map((claim, index) => {
      const [least, most] = this.#reference.boundsOf(this.#counterOf(claim), now);
      const wanted = claims.slice(0, index + 1).reduce((sum, { key, amount }) => sum + (key === claim.key ? amount : 0), 0);
      return { surelyOver: least + wanted > claim.limit, maybeOver: most + wanted > claim.limit };
    });
    const reservation = await store.reserve(claims);
    if (reservation.ok) {
      must(!before.some(({ surelyOver }) => surelyOver), 'admitted over a limit');
      const taken = claims.map((claim) => ({ entry: this.#reference.add(this.#counterOf(claim), claim.amount, now), isHeld: claim.isHeld === true }));
      this.#open.push({ hold: reservation.hold, owner: store, at: reservation.at, taken });
      must((reservation.hold !== undefined) === taken.some(({ isHeld }) => isHeld), 'a hold for what is held, and only then');
    } else {
      must(before[reservation.refused]?.maybeOver === true, 'refused although there was room');
      const { retryAfterMs } = reservation;
      if (retryAfterMs !== undefined) this.#refused = { store, claims, retryAfterMs };
    }
    return reservation;
  }

  /** From what was claimed to a share of it, in one step, as calls end. */
  async #end(which: number, share: number): Promise<void> {
    const [one] = this.#open.splice(which % Math.max(1, this.#open.length), 1);
    if (!one) return;
    const now = this.#site.now();
    const adjustments = one.taken.flatMap(({ entry, isHeld }): Adjustment[] => {
      const { counter, amount } = entry;
      const { key, windowMs, expiresAt } = counter;
      const cost = Math.floor(amount * share);
      if (windowMs !== undefined) {
        this.#reference.correct(entry, cost - amount, now);
        return [{ key, by: cost - amount, windowMs, at: one.at }];
      }
      if (!isHeld) return [];
      entry.freedFrom = entry.freedUntil = now;
      this.#reference.add(counter, cost, now);
      return [{ key, by: cost, expiresAt }];
    });
    await one.owner.adjust(adjustments, one.hold ? [one.hold] : []);
    this.#ended.push(one);
  }

  async #endAgain(which: number): Promise<void> {
    const one = this.#ended[which % Math.max(1, this.#ended.length)];
    if (one?.hold) await this.#store(0).adjust([], [one.hold, one.hold]);
  }

  async #comeBack(): Promise<void> {
    if (!this.#refused) return;
    const { store, claims, retryAfterMs } = this.#refused;
    this.#refused = undefined;
    // What was said holds as long as nobody else asks for anything: ask anew.
    const again = await this.#reserve(store, claims);
    if (again.ok || again.retryAfterMs === undefined) return;
    must(again.retryAfterMs > 0 && again.retryAfterMs <= retryAfterMs + 400_000, 'a wait without sense');
    await this.#pass(Math.ceil(again.retryAfterMs));
    must((await this.#reserve(store, claims)).ok, 'refused although the wait that was named is over');
  }

  /** In steps that are shorter than a lease, after each of which the living give a sign. */
  async #pass(ms: number): Promise<void> {
    const { lease } = this.#site;
    for (let left = ms; left > 0 && lease; left -= lease.ms / 2) {
      this.#site.pass(Math.min(left, lease.ms / 2));
      // Each of them buries one of the dead.
      for (let sign = 0; sign <= this.#dead.length; sign += 1) for (const store of this.#site.stores) await signOfLife(store);
      const now = this.#site.now();
      for (const { held, freedFrom } of this.#dead) if (freedFrom <= now) for (const entry of held) entry.freedUntil = Math.min(entry.freedUntil, now);
      this.#dead = this.#dead.filter(({ freedFrom }) => freedFrom > now);
    }
    if (!lease) this.#site.pass(ms);
  }

  /** A process dies without a word: what it held is given back once its lease is over, and what it has used is not. */
  #crash(by: number): void {
    const { lease, stores } = this.#site;
    if (!lease) return;
    const victim = this.#store(by);
    const mine = this.#open.filter(({ owner }) => owner === victim);
    for (const one of mine) this.#open.splice(this.#open.indexOf(one), 1);
    const held = mine.flatMap(({ taken }) => taken.flatMap(({ entry, isHeld }) => (isHeld ? [entry] : [])));
    const freedFrom = this.#site.now() + lease.ms;
    for (const entry of held) entry.freedFrom = freedFrom;
    this.#dead.push({ held, freedFrom });
    stores[stores.indexOf(victim)] = lease.another();
    if (this.#refused?.store === victim) this.#refused = undefined;
    void victim.close?.();
  }

  async #check(): Promise<void> {
    const now = this.#site.now();
    const totals = await Promise.all(this.#counters.map(({ key, windowMs }) => this.#store(0).total(key, windowMs)));
    this.#counters.forEach((counter, index) => {
      const total = totals[index] as number;
      const [least, most] = this.#reference.boundsOf(counter, now);
      must(Number.isInteger(total) && total >= 0, `'${counter.key}' is ${total}`);
      must(total >= least && total <= most, `'${counter.key}' is ${total} and not from ${least} to ${most}`);
      must(least <= counter.limit, `'${counter.key}' is over its limit`);
    });
  }
}

async function signOfLife(store: Store): Promise<void> {
  const reservation = await store.reserve([{ key: 'alive', amount: 0, limit: 0, isHeld: true }]);
  must(reservation.ok && reservation.hold !== undefined, 'nothing is held for nothing');
  if (reservation.ok && reservation.hold) await store.adjust([], [reservation.hold]);
}
