import { Context, GatewayError, LazyJson, modelRegistry, type Outcome, type Reply, type Strategy } from '@sluice/core';
import { router } from '@sluice/core/hooks';
import { seededRandom } from '../support/seeded-random.ts';
import { type CallEnd, type Figures, toFigures } from './figures.ts';
import type { Entrant, Scenario } from './scenario.ts';
import { type SimulatedCall, simulatedCall } from './simulated-call.ts';
import { SimulatedDeployment } from './simulated-deployment.ts';
import { toVector } from './topics.ts';
import { VirtualTime } from './virtual-time.ts';

export type SimulationOptions = { readonly steps: number; readonly seed: number };

/** Runs a strategy in a world, through the router that gateways have, until as many events have happened. */
export async function simulate(scenario: Scenario, entrant: Strategy | Entrant, { steps, seed }: SimulationOptions): Promise<Figures> {
  const time = new VirtualTime();
  const restore = time.install();
  try {
    return await new Simulation(scenario, 'strategy' in entrant ? entrant : { strategy: entrant }, time, seed).run(steps);
  } finally {
    restore();
  }
}

class Simulation {
  readonly #scenario: Scenario;
  readonly #time: VirtualTime;
  readonly #deployments: ReadonlyMap<string, SimulatedDeployment>;
  readonly #handle: ReturnType<typeof router>['handle'];
  /** Of the calls, so that every strategy meets the same ones. */
  readonly #traffic: () => number;
  readonly #ends: CallEnd[] = [];
  #costNanoUsd = 0;
  #calls = 0;

  constructor(scenario: Scenario, { strategy, hedge }: Entrant, time: VirtualTime, seed: number) {
    this.#scenario = scenario;
    this.#time = time;
    this.#traffic = seededRandom(seed);
    const luck = seededRandom(seed + 1);
    const simulated = scenario.models.map(
      ({ nature, ...model }) => new SimulatedDeployment({ ...model, provider: 'simulated', model: model.id }, nature, time, luck),
    );
    this.#deployments = new Map(simulated.map((one) => [one.deployment.id, one]));
    const models = modelRegistry([{ name: 'm', deployments: simulated.map(({ deployment }) => deployment) }]);
    this.#handle = router({
      models,
      strategy,
      hedge,
      now: () => time.now,
      random: seededRandom(seed + 2),
      embed: (_, texts) => Promise.resolve(texts.map(toVector)),
    }).handle;
  }

  async run(steps: number): Promise<Figures> {
    this.#time.after(0, this.#arrive);
    await this.#time.run(steps);
    const refused = [...this.#deployments.values()].reduce((sum, one) => sum + one.refused, 0);
    const weights = new Map(this.#scenario.models.map(({ id, weight = 1 }) => [id, weight]));
    return toFigures({ ends: this.#ends, costNanoUsd: this.#costNanoUsd, refused, weights });
  }

  /** Calls come by chance and do not wait for each other. */
  readonly #arrive = (): void => {
    const index = this.#calls++;
    void this.#call(simulatedCall({ ...this.#scenario.traffic(this.#traffic, index), isStreamed: this.#scenario.isStreamed === true }));
    this.#time.after((-Math.log(1 - this.#traffic()) * 1000) / this.#scenario.callsPerSecond, this.#arrive);
  };

  async #call(call: SimulatedCall): Promise<void> {
    const { now: cameAt } = this.#time;
    const source = { credentials: [], headers: call.headers };
    const ctx = new Context({ id: '', operation: 'chat', request: call.request, source, controller: PATIENT });
    const seen = { isRight: true };
    let outcome: Outcome = { status: 'ok' };
    let tookMs = 0;
    try {
      const reply = await this.#handle(ctx, (asked = ctx) => this.#ask(asked, call, seen));
      tookMs = this.#time.now - cameAt;
      if (reply.kind === 'stream') for await (const _ of reply.batches);
    } catch (error) {
      outcome = { status: 'error', error: GatewayError.from(error) };
    }
    await ctx.settle(outcome, (error) => {
      throw error;
    });
    this.#costNanoUsd += ctx.costNanoUsd ?? 0;
    const { user, tier } = call;
    this.#ends.push({ user, tier, tookMs, isAnswered: outcome.status === 'ok', isRight: seen.isRight, deployment: ctx.deployment?.id ?? '' });
  }

  async #ask(asked: Context, call: SimulatedCall, seen: { isRight: boolean }): Promise<Reply> {
    const deployment = this.#deployments.get(asked.deployment?.id ?? '') as SimulatedDeployment;
    if (this.#scenario.isStreamed) return deployment.stream(call, asked);
    const { usage, costNanoUsd, isRight } = await deployment.ask(call);
    asked.usage = usage;
    asked.costNanoUsd = (asked.costNanoUsd ?? 0) + costNanoUsd;
    seen.isRight = isRight;
    return { kind: 'complete', body: call.ownsUp && !isRight ? UNSURE : SURE };
  }
}

/** Callers here never leave; a controller for each would be half of the work. */
const PATIENT = { signal: { aborted: false, addEventListener: () => undefined } as unknown as AbortSignal, abort: () => undefined };

const SURE = LazyJson.ofValue({ choices: [{ message: { role: 'assistant', content: 'The answer is this.' }, finish_reason: 'stop' }] });
const UNSURE = LazyJson.ofValue({ choices: [{ message: { role: 'assistant', content: 'I am not sure.' }, finish_reason: 'stop' }] });
