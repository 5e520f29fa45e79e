import { ConfigurationError } from '../../errors/configuration-error.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { ModelRegistry } from '../../models/model-registry.ts';
import type { Usage } from '../../types/usage.ts';
import type { JsonObject } from '../../types/json.ts';
import type { Deployment } from '../../types/model.ts';
import type { ModelGroup } from '../../types/model-group.ts';
import { type ReadModel, readModel, toStoredModel } from './directory-models.ts';
import type { LiveModels } from './live-models.ts';
import { type ModelCost, modelCosts } from './model-costs.ts';

/** Fields to change; `undefined` takes one away. */
export type Changes<T> = { readonly [K in keyof T]?: T[K] | undefined };

/**
 * The models of a gateway, and how they are changed while it runs. Every change is checked like the options at the
 * start, and whole or not at all; calls under way end with what they began with.
 * Each throws a ConfigurationError that names every mistake.
 */
export type GatewayModels = ModelRegistry & {
  add(group: ModelGroup): void;
  update(name: string, changes: Changes<Omit<ModelGroup, 'name'>>): void;
  /** Together with its deployments, where they stand in no other group. */
  remove(name: string): void;
  /** Out of every list, and answering nobody, until it is unblocked. */
  block(name: string): void;
  unblock(name: string): void;
  /** One deployment, by its id, in every group that has it. */
  readonly deployments: {
    /** To a group, which is made where there is none of that name. */
    add(group: string, deployment: Deployment): void;
    update(id: string, changes: Changes<Omit<Deployment, 'id'>>): void;
    /** The last one takes its group with it. */
    remove(id: string): void;
    block(id: string): void;
    unblock(id: string): void;
  };
  /** What a call of this size would cost with each model, the cheapest first, those without a price last. */
  costs(usage: Usage): readonly ModelCost[];
  /** What a model is that is written in the form of the directory's; nothing is changed. */
  read(entry: JsonObject): ReadModel;
  /** The same model as the directory is to keep it: with its credentials sealed by the salt key. */
  toStored(entry: JsonObject): JsonObject;
};

export function gatewayModels(live: LiveModels): GatewayModels {
  const declared = (): readonly ModelGroup[] => live.options.models ?? [];
  const setGroups = (models: readonly ModelGroup[], asked: string): void => live.change({ models }, asked);

  function updateGroup(name: string, changes: Changes<ModelGroup>, verb = 'update'): void {
    const asked = `models.${verb}('${name}')`;
    requireDeclared(name, { what: 'model', asked, declared: namesOf(declared()), kept: namesOf(live.kept) });
    setGroups(
      declared().map((group) => (group.name === name ? changed(group, changes) : group)),
      asked,
    );
  }

  function updateDeployment(id: string, changes: Changes<Deployment>, verb = 'update'): void {
    const asked = `models.deployments.${verb}('${id}')`;
    requireDeclared(id, { what: 'deployment', asked, declared: idsOf(declared()), kept: idsOf(live.kept) });
    // What stands in several groups stays one.
    const done = new Map<Deployment, Deployment>();
    const update = (deployment: Deployment): Deployment => {
      if (deployment.id !== id) return deployment;
      const known = done.get(deployment) ?? changed(deployment, changes);
      done.set(deployment, known);
      return known;
    };
    setGroups(
      declared().map((group) =>
        group.deployments.some((deployment) => deployment.id === id) ? { ...group, deployments: group.deployments.map(update) } : group,
      ),
      asked,
    );
  }

  const verbs: Omit<GatewayModels, keyof ModelRegistry> = {
    add: (group) => setGroups([...declared(), group], `models.add('${group.name}')`),
    update: (name, changes) => updateGroup(name, changes),
    remove(name) {
      const asked = `models.remove('${name}')`;
      requireDeclared(name, { what: 'model', asked, declared: namesOf(declared()), kept: namesOf(live.kept) });
      setGroups(
        declared().filter((group) => group.name !== name),
        asked,
      );
    },
    block: (name) => updateGroup(name, { isBlocked: true }, 'block'),
    unblock: (name) => updateGroup(name, { isBlocked: undefined }, 'unblock'),
    deployments: {
      add(name, deployment) {
        const isThere = declared().some((group) => group.name === name);
        const added = (group: ModelGroup): ModelGroup => (group.name === name ? { ...group, deployments: [...group.deployments, deployment] } : group);
        const groups = isThere ? declared().map(added) : [...declared(), { name, deployments: [deployment] }];
        setGroups(groups, `models.deployments.add('${name}', '${deployment.id}')`);
      },
      update: (id, changes) => updateDeployment(id, changes),
      remove(id) {
        const asked = `models.deployments.remove('${id}')`;
        requireDeclared(id, { what: 'deployment', asked, declared: idsOf(declared()), kept: idsOf(live.kept) });
        const left = declared().map((group) => without(group, id));
        setGroups(
          left.filter(({ deployments }) => deployments.length > 0),
          asked,
        );
      },
      block: (id) => updateDeployment(id, { isBlocked: true }, 'block'),
      unblock: (id) => updateDeployment(id, { isBlocked: undefined }, 'unblock'),
    },
    costs: (usage) => modelCosts(live.registry.groups, usage),
    read: (entry) => readModel(entry, live.options),
    toStored: (entry) => toStoredModel(entry, live.options),
  };
  const { registry } = live;
  return {
    ...verbs,
    get current() {
      return registry.current;
    },
    get groups() {
      return registry.groups;
    },
    get names() {
      return registry.names;
    },
    resolve: (name) => registry.resolve(name),
  };
}

type Wanted = {
  readonly what: 'model' | 'deployment';
  readonly asked: string;
  readonly declared: readonly string[];
  readonly kept: readonly string[];
};

function requireDeclared(name: string, { what, asked, declared, kept }: Wanted): void {
  if (declared.includes(name)) return;
  const place = `${what}s.${name}`;
  const heading = `${asked} is refused`;
  if (kept.includes(name)) throw new ConfigurationError([{ place, message: 'it is kept in the directory, and changed there' }], heading);
  const suggestion = didYouMean(name, declared);
  throw new ConfigurationError([{ place, message: `there is no such ${what}.`, ...(suggestion === undefined ? {} : { suggestion }) }], heading);
}

function changed<T extends object>(value: T, changes: Changes<T>): T {
  const next: Record<string, unknown> = { ...value, ...changes };
  for (const [name, field] of Object.entries(next)) if (field === undefined) delete next[name];
  return next as T;
}

function without(group: ModelGroup, id: string): ModelGroup {
  const deployments = group.deployments.filter((deployment) => deployment.id !== id);
  return deployments.length === group.deployments.length ? group : { ...group, deployments };
}

function namesOf(groups: readonly ModelGroup[]): string[] {
  return groups.map(({ name }) => name);
}

function idsOf(groups: readonly ModelGroup[]): string[] {
  return groups.flatMap(({ deployments }) => deployments.map(({ id }) => id));
}
