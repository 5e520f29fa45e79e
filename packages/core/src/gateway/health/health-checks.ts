import { GatewayError } from '../../errors/gateway-error.ts';
import type { ModelRegistry } from '../../models/model-registry.ts';
import type { Deployment } from '../../types/model.ts';
import type { Probe } from './probe.ts';

/** What was found when a deployment was last asked. */
export type Checked = { readonly at: number; readonly latencyMs: number; readonly error: GatewayError | undefined };

export type HealthCheckOptions = {
  readonly models: ModelRegistry;
  readonly probe: Probe;
  /** Longest wait for one deployment, in milliseconds. */
  readonly timeoutMs: number;
  /** Hears of every finding, and of the one before. */
  readonly onChecked: (deployment: Deployment, checked: Checked, before: Checked | undefined) => void;
};

/** Deployments that are asked at the same time. */
const AT_ONCE = 20;

/**
 * Asks deployments how they are, each once, and remembers. Who asks while a check is under way shares its findings,
 * so that asking often does not become a load.
 */
export class HealthChecks {
  readonly #options: HealthCheckOptions;
  // By the object: what is removed is forgotten.
  readonly #found = new WeakMap<Deployment, Checked>();
  readonly #underWay = new Map<Deployment, Promise<void>>();

  constructor(options: HealthCheckOptions) {
    this.#options = options;
  }

  found(deployment: Deployment): Checked | undefined {
    return this.#found.get(deployment);
  }

  /** Asks those of `among` that were not asked after `since`, a moment on the clock of `performance.now()`. */
  async check(among: readonly Deployment[], since = performance.now()): Promise<void> {
    const due = [...new Set(among)].filter((deployment) => (this.#found.get(deployment)?.at ?? Number.NEGATIVE_INFINITY) < since);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let deployment = due[next++]; deployment; deployment = due[next++]) await this.#shared(deployment);
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, due.length) }, work));
  }

  #shared(deployment: Deployment): Promise<void> {
    let underWay = this.#underWay.get(deployment);
    if (!underWay) {
      underWay = this.#ask(deployment).finally(() => this.#underWay.delete(deployment));
      this.#underWay.set(deployment, underWay);
    }
    return underWay;
  }

  async #ask(deployment: Deployment): Promise<void> {
    const askedAt = performance.now();
    let error: GatewayError | undefined;
    try {
      await this.#options.probe(deployment, (deployment.healthCheck || undefined)?.timeoutMs ?? this.#options.timeoutMs);
    } catch (cause) {
      error = GatewayError.from(cause);
    }
    const at = performance.now();
    const checked = { at, latencyMs: Math.round(at - askedAt), error };
    const before = this.#found.get(deployment);
    this.#found.set(deployment, checked);
    this.#options.onChecked(deployment, checked, before);
  }
}
