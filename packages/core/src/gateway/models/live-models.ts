import { ConfigurationError, type ConfigurationProblem } from '../../errors/configuration-error.ts';
import { modelRegistry, type ModelRegistry } from '../../models/model-registry.ts';
import type { Deployment } from '../../types/model.ts';
import type { ModelGroup } from '../../types/model-group.ts';
import type { GatewayOptions } from '../options.ts';
import { optionProblems } from '../validate/validate-options.ts';
import { COMPLETING, completed } from './completed.ts';
import { mergedGroups } from './merged-groups.ts';
import { placedByName } from './placed-by-name.ts';

/** What a gateway goes by now: its options, as they were changed since the start, and the models that the directory keeps. */
export class LiveModels {
  readonly registry: ModelRegistry;
  readonly #models: ReturnType<typeof modelRegistry>;
  readonly #onReplaced: ((deployment: Deployment, former: Deployment) => void)[] = [];
  #options: GatewayOptions;
  #kept: readonly ModelGroup[] = [];
  #groups: readonly ModelGroup[];
  #complete: ReturnType<typeof completed>;

  /** `options` have been checked. */
  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#groups = options.models ?? [];
    this.#complete = completed(options);
    this.#models = modelRegistry(this.#groups, options.aliases, this.#complete);
    this.registry = this.#models;
  }

  get options(): GatewayOptions {
    return this.#options;
  }

  /** The groups that the directory keeps. */
  get kept(): readonly ModelGroup[] {
    return this.#kept;
  }

  /** Hears of each deployment that has taken the place of one with the same id. */
  onReplaced(listener: (deployment: Deployment, former: Deployment) => void): void {
    this.#onReplaced.push(listener);
  }

  /**
   * `asked` says what for, and `further` what is wrong with it besides.
   * @throws ConfigurationError naming every mistake, and then nothing has changed.
   */
  change(change: Partial<GatewayOptions>, asked: string, further: readonly ConfigurationProblem[] = []): void {
    const options = { ...this.#options, ...change };
    const groups = mergedGroups(options.models ?? [], this.#kept, this.#groups);
    const problems = [...further, ...placedByName(optionProblems({ ...options, models: groups }), groups)];
    if (problems.length > 0) throw new ConfigurationError(problems, `${asked} is refused`);
    if (COMPLETING.some((name) => options[name] !== this.#options[name])) this.#complete = completed(options);
    this.#options = options;
    this.#replace(groups);
  }

  /** Takes over what the directory keeps, which was checked one by one. */
  keep(kept: readonly ModelGroup[]): void {
    this.#kept = kept;
    this.#replace(mergedGroups(this.#options.models ?? [], kept, this.#groups));
  }

  #replace(groups: readonly ModelGroup[]): void {
    const before = byId(this.#models.groups);
    this.#groups = groups;
    this.#models.replace({ groups, aliases: this.#options.aliases, complete: this.#complete });
    for (const [id, deployment] of byId(this.#models.groups)) {
      const former = before.get(id);
      if (former && former !== deployment) for (const listener of this.#onReplaced) listener(deployment, former);
    }
  }
}

function byId(groups: readonly ModelGroup[]): Map<string, Deployment> {
  return new Map(groups.flatMap(({ deployments }) => deployments.map((deployment) => [deployment.id, deployment] as const)));
}
