import { createGateway, type Gateway, GatewayError, type StoreHold } from '@sluice/core';
import type { CallStep } from './call-steps.ts';
import { type Caller, CALLERS, type Control, GATEWAY } from './callers.ts';
import { type HeldCall, heldProvider, type WatchedStore, watched } from './held-calls.ts';
import { completion } from './local-provider.ts';
import { must } from './must.ts';
import { PAID, TOKEN_NANO_USD } from './paid-model.ts';
import { type Entry, ReferenceCounters } from './reference-counters.ts';
import type { SimulatedStore } from './store-walk.ts';

const MESSAGES = [{ role: 'user' as const, content: 'Say it' }];
/** What the estimate of these comes to, and what the upstream reports of them. */
const INPUT_TOKENS = 15;

type Taken = { readonly control: Control; readonly entry: Entry };
type Open = {
  readonly caller: Caller;
  readonly upstream: HeldCall;
  readonly leave: AbortController;
  readonly ended: Promise<unknown>;
  readonly watch: WatchedStore;
  readonly hold: StoreHold;
  readonly taken: readonly Taken[];
  readonly tokens: number;
};

/** Walks gateways that share a store through a history of calls beside a naive reference, and throws at the first rule that they break. */
export class CallWalk {
  readonly #site: SimulatedStore;
  readonly #instances: readonly { readonly gateway: Gateway; readonly watch: WatchedStore }[];
  readonly #reference = new ReferenceCounters();
  readonly #open: Open[] = [];
  readonly #spent = new Map<string, number>();
  #reached: ((call: HeldCall) => void) | undefined;
  #turn = 0;

  /** The gateways go by `Date.now`, which has to be the clock of the site. */
  constructor(site: SimulatedStore) {
    this.#site = site;
    const provider = heldProvider((call) => this.#reached?.(call));
    this.#instances = site.stores.map((store) => {
      const watch = watched(store);
      const gateway = createGateway({
        providers: [provider],
        models: [{ name: 'm', deployments: [{ id: 'd', provider: 'local', model: 'm', price: PAID }] }],
        allowance: { gateway: GATEWAY },
        router: { retries: 0, cooldownMs: 0 },
        store: watch.store,
        onError: (error) => must(error instanceof GatewayError, String(error)),
      });
      return { gateway, watch };
    });
  }

  async take(step: CallStep): Promise<void> {
    if (step.does === 'pass') this.#site.pass(step.ms);
    else if (step.does === 'call') await this.#call(CALLERS[step.who % CALLERS.length] as Caller, step.tokens);
    else await this.#end(step);
    await this.#check();
  }

  /** Ends everything: nothing may be held after that, and every hold has to have ended once. */
  async rest(): Promise<void> {
    while (this.#open.length > 0) await this.#end({ does: 'leave', which: 0 });
    await this.#check();
    for (const { watch } of this.#instances)
      must(
        [...watch.endings.values()].every((times) => times === 1),
        'a hold has not ended once',
      );
  }

  async close(): Promise<void> {
    for (const { leave } of this.#open) leave.abort();
    await Promise.all(this.#instances.map(({ gateway }) => gateway.close()));
  }

  async #call(caller: Caller, tokens: number): Promise<void> {
    const now = this.#site.now();
    const wanted = caller.controls.map((control) => {
      const counter = control.counterAt(now);
      return { control, counter, amount: amountOf(control, counter.limit, tokens) };
    });
    const room = wanted.map(({ counter, amount }) => this.#reference.boundsOf(counter, now).map((sum) => sum + amount > counter.limit));
    const isBinding = ({ isShadow }: Control): boolean => !isShadow;
    const { gateway, watch } = this.#instances[(this.#turn += 1) % this.#instances.length] as { gateway: Gateway; watch: WatchedStore };
    const leave = new AbortController();
    const reached = new Promise<HeldCall>((resolve) => (this.#reached = resolve));
    const request = { model: 'm', max_tokens: tokens, messages: MESSAGES };
    const ended = gateway.chat.completions.create(request, { principal: caller.principal, signal: leave.signal }).catch((error: unknown) => error);
    const first = await Promise.race([reached, ended]);

    if (first instanceof GatewayError) {
      const kinds = wanted.filter(({ control }, index) => isBinding(control) && room[index]?.[1] === true).map(({ control }) => control.kind);
      must(kinds.length > 0, `'${caller.principal.keyId}' refused although there was room: ${first.message}`);
      must(
        kinds.some((kind) => first.code === (kind === 'budget' ? 'budget_exceeded' : 'rate_limited')),
        `refused for another reason: ${first.message}`,
      );
      return;
    }
    must(!wanted.some(({ control }, index) => isBinding(control) && room[index]?.[0] === true), `'${caller.principal.keyId}' admitted over a limit`);
    const hold = watch.last?.ok === true ? watch.last.hold : undefined;
    must(hold !== undefined && typeof first === 'object', 'nothing is held');
    const taken = wanted.map(({ control, counter, amount }) => ({ control, entry: this.#reference.add(counter, amount, now) }));
    this.#open.push({ caller, upstream: first as HeldCall, leave, ended, watch, hold: hold as StoreHold, taken, tokens });
  }

  async #end(step: Exclude<CallStep, { readonly does: 'call' | 'pass' }>): Promise<void> {
    const [one] = this.#open.splice(step.which % Math.max(1, this.#open.length), 1);
    if (!one) return;
    const used = step.does === 'answer' ? Math.floor(one.tokens * step.share) : 0;
    const settled = new Promise<void>((resolve) => (one.watch.onAdjusted = () => one.watch.endings.get(one.hold) && resolve()));
    if (step.does === 'answer') one.upstream.answer(completion({ prompt_tokens: INPUT_TOKENS, completion_tokens: used }));
    else if (step.does === 'fail') one.upstream.fail();
    else one.leave.abort();
    await Promise.all([one.ended, settled]);
    const { keyId } = one.caller.principal;
    this.#spent.set(keyId, (this.#spent.get(keyId) ?? 0) + used * TOKEN_NANO_USD);
    for (const { control, entry } of one.taken) this.#settle(control, entry, step.does === 'answer' ? used : undefined);
  }

  /** What a naive reader expects: places are free, money and tokens are what was used, and a request stays one. */
  #settle({ kind }: Control, entry: Entry, used: number | undefined): void {
    const now = this.#site.now();
    const isUsed = used !== undefined;
    const becomes = { parallel: 0, requests: 1, tokens: isUsed ? INPUT_TOKENS + used : 0, budget: (used ?? 0) * TOKEN_NANO_USD }[kind];
    this.#reference.correct(entry, becomes - entry.amount, now);
  }

  async #check(): Promise<void> {
    const now = this.#site.now();
    const { watch } = this.#instances[0] as { readonly watch: WatchedStore };
    const controls = new Map(CALLERS.flatMap((caller) => caller.controls.map((control) => [control.counterAt(now).key, control] as const)));
    for (const [key, control] of controls) {
      const counter = control.counterAt(now);
      const [least, most] = this.#reference.boundsOf(counter, now);
      must(control.isShadow || least <= counter.limit, `'${key}' is over its limit`);
      // The counters of periods have names of the gateway's own.
      if (key.includes(' on ')) continue;
      const total = await watch.store.total(key, counter.windowMs);
      must(total >= Math.max(0, least) && total <= most, `'${key}' is ${total} and not from ${least} to ${most}`);
    }
    for (const [keyId, spent] of this.#spent) must((await watch.store.total(`spend:key:${keyId}`)) === spent, `the spend of '${keyId}' is not ${spent}`);
  }
}

/** A call whose output alone may go over a limit of tokens asks for no more than the limit, and no less than its input. */
function amountOf({ kind }: Control, limit: number, tokens: number): number {
  const most = Math.max(INPUT_TOKENS, Math.min(limit, INPUT_TOKENS + tokens));
  return { parallel: 1, requests: 1, tokens: most, budget: tokens * TOKEN_NANO_USD }[kind];
}
