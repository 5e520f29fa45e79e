import type { ModelGroup } from '../types/model-group.ts';
import { type Complete, ModelMemory } from './model-memory.ts';
import { type Aliases, modelSnapshot, type ModelSnapshot } from './model-snapshot.ts';

/** Who answers to which name, now. A call that needs the same answer twice asks `current` once and keeps it. */
export type ModelRegistry = ModelSnapshot & { readonly current: ModelSnapshot };

export type ModelSource = { readonly groups: readonly ModelGroup[]; readonly aliases?: Aliases | undefined; readonly complete?: Complete | undefined };

/** A registry that can be told otherwise. Calls under way keep the snapshot they began with. */
export type ChangeableModels = ModelRegistry & { replace(source: ModelSource): void };

export function modelRegistry(groups: readonly ModelGroup[], aliases: Aliases = {}, complete: Complete = (deployment) => deployment): ChangeableModels {
  let [known, memory] = [complete, new ModelMemory(complete)];
  let current = modelSnapshot(groups, aliases, memory);
  return {
    get current() {
      return current;
    },
    get groups() {
      return current.groups;
    },
    get names() {
      return current.names;
    },
    resolve: (name) => current.resolve(name),
    replace({ groups: next, aliases: names = {}, complete: other = known }) {
      // What was known of a deployment came from what has been replaced.
      if (other !== known) [known, memory] = [other, new ModelMemory(other)];
      current = modelSnapshot(next, names, memory);
    },
  };
}
