import type { Deployment } from '../../types/model.ts';
import type { ModelGroup } from '../../types/model-group.ts';
import type { Outage } from '../../types/outage.ts';

export type OutageOptions = {
  /** The models there are now. */
  readonly groups: () => readonly ModelGroup[];
  /** Why a deployment is counted out, in a word; nothing while it is not. */
  readonly failingOf: (deployment: Deployment) => string | undefined;
  readonly tell: (outage: Outage) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
};

/** Tells once when all of a model, or of a provider, is out, and once when that is over. */
export class Outages {
  readonly #options: OutageOptions;
  readonly #since = new Map<string, number>();

  constructor(options: OutageOptions) {
    this.#options = options;
  }

  /** Looks at what is known now, and says whether it is worth looking again: whether any deployment fails. */
  look(): boolean {
    const groups = this.#options.groups();
    const open = groups.map((group) => ({ name: group.name, deployments: group.isBlocked ? [] : group.deployments.filter(({ isBlocked }) => !isBlocked) }));
    const seen = new Set<string>();
    let hasFailing = false;
    for (const { name, deployments } of open) hasFailing = this.#judge('model', name, deployments, seen) || hasFailing;
    for (const [name, deployments] of byProvider(open.flatMap(({ deployments }) => deployments)))
      if (deployments.length > 1) this.#judge('provider', name, deployments, seen);
    // What is there no more is over as well, and nobody is told.
    for (const key of this.#since.keys()) if (!seen.has(key)) this.#since.delete(key);
    return hasFailing;
  }

  #judge(kind: Outage['kind'], name: string, deployments: readonly Deployment[], seen: Set<string>): boolean {
    const { failingOf, tell, now = Date.now } = this.#options;
    const key = `${kind} ${name}`;
    seen.add(key);
    const failing = deployments.flatMap((deployment) => {
      const reason = failingOf(deployment);
      return reason === undefined ? [] : [[deployment.id, reason] as const];
    });
    const isDown = deployments.length > 0 && failing.length === deployments.length;
    const since = this.#since.get(key);
    if (isDown === (since !== undefined)) return failing.length > 0;
    const at = since ?? now();
    if (isDown) this.#since.set(key, at);
    else this.#since.delete(key);
    tell({
      kind,
      name,
      status: isDown ? 'down' : 'over',
      since: new Date(at).toISOString(),
      lastedMs: isDown ? undefined : now() - at,
      deployments: Object.fromEntries(failing),
    });
    return failing.length > 0;
  }
}

function byProvider(deployments: readonly Deployment[]): Map<string, readonly Deployment[]> {
  const found = new Map<string, Deployment[]>();
  for (const deployment of new Set(deployments)) found.set(deployment.provider, [...(found.get(deployment.provider) ?? []), deployment]);
  return found;
}
