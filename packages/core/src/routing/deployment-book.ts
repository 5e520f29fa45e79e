import type { GatewayError } from '../errors/gateway-error.ts';
import type { Deployment } from '../types/model.ts';
import { Breaker, type BreakerOptions } from './breaker.ts';
import { DeploymentLoad } from './load.ts';
import { WaitingLine } from './waiting-line.ts';

/** What is known of each deployment. A deployment that never failed has no breaker, and one that nobody measures no load. */
export class DeploymentBook {
  readonly now: () => number;
  /** Calls that wait until one of the deployments has a place for them. */
  readonly line: WaitingLine;
  #options: BreakerOptions;
  // Keyed by the object: each name behind a wildcard stands for itself, and what is forgotten is collected.
  readonly #breakers = new WeakMap<Deployment, Breaker>();
  readonly #loads = new WeakMap<Deployment, DeploymentLoad>();

  constructor(now: () => number, options: BreakerOptions = {}, line: WaitingLine = new WaitingLine()) {
    this.now = now;
    this.line = line;
    this.#options = options;
  }

  /** The breaker of a deployment that has failed before. */
  breaker(deployment: Deployment): Breaker | undefined {
    return this.#breakers.get(deployment);
  }

  load(deployment: Deployment): DeploymentLoad {
    let load = this.#loads.get(deployment);
    if (!load) this.#loads.set(deployment, (load = new DeploymentLoad(this.now, () => this.line.wake())));
    return load;
  }

  /** Whether as many calls are under way there as may be. */
  isFull(deployment: Deployment): boolean {
    return deployment.parallelCalls !== undefined && this.load(deployment).inFlight >= deployment.parallelCalls;
  }

  /** Answers until when the deployment is passed over, when that has just become longer. */
  noteFailure(deployment: Deployment, error: GatewayError): number | undefined {
    const { cooldownMs = this.#options.cooldownMs } = deployment;
    return this.open(deployment).failed(error, { ...this.#options, cooldownMs });
  }

  /** The breaker of a deployment, made when there is none. */
  open(deployment: Deployment): Breaker {
    let breaker = this.#breakers.get(deployment);
    if (!breaker) this.#breakers.set(deployment, (breaker = new Breaker(this.now)));
    return breaker;
  }

  /** Goes by other options from now on. */
  configure(options: BreakerOptions): void {
    this.#options = options;
  }

  /**
   * `deployment` stands in the place of `former`. Where it is the same one, told otherwise about, what is known goes on
   * being known; a new credential is a new beginning for what had failed.
   */
  adopt(deployment: Deployment, former: Deployment): void {
    const { provider, model, baseUrl } = deployment;
    if (provider !== former.provider || model !== former.model || baseUrl !== former.baseUrl) return;
    const [load, breaker] = [this.#loads.get(former), this.#breakers.get(former)];
    if (load) this.#loads.set(deployment, load);
    if (breaker && deployment.apiKey?.reveal() === former.apiKey?.reveal()) this.#breakers.set(deployment, breaker);
  }
}
