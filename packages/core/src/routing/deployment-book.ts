import type { GatewayError } from '../errors/gateway-error.ts';
import type { Deployment } from '../types/model.ts';
import { Breaker, type BreakerOptions } from './breaker.ts';
import { DeploymentLoad } from './load.ts';

/** What is known of each deployment. A deployment that never failed has no breaker, and one that nobody measures no load. */
export class DeploymentBook {
  readonly now: () => number;
  readonly #options: BreakerOptions;
  // Keyed by the object: each name behind a wildcard stands for itself, and what is forgotten is collected.
  readonly #breakers = new WeakMap<Deployment, Breaker>();
  readonly #loads = new WeakMap<Deployment, DeploymentLoad>();

  constructor(now: () => number, options: BreakerOptions = {}) {
    this.now = now;
    this.#options = options;
  }

  /** The breaker of a deployment that has failed before. */
  breaker(deployment: Deployment): Breaker | undefined {
    return this.#breakers.get(deployment);
  }

  load(deployment: Deployment): DeploymentLoad {
    let load = this.#loads.get(deployment);
    if (!load) this.#loads.set(deployment, (load = new DeploymentLoad(this.now)));
    return load;
  }

  /** Answers until when the deployment is passed over, when that has just become longer. */
  noteFailure(deployment: Deployment, error: GatewayError): number | undefined {
    return this.open(deployment).failed(error);
  }

  /** The breaker of a deployment, made when there is none. */
  open(deployment: Deployment): Breaker {
    let breaker = this.#breakers.get(deployment);
    if (!breaker) {
      const { cooldownMs = this.#options.cooldownMs } = deployment;
      this.#breakers.set(deployment, (breaker = new Breaker(this.now, { ...this.#options, cooldownMs })));
    }
    return breaker;
  }
}
