import { ConfigurationError, type ConfigurationProblem } from '../../errors/configuration-error.ts';
import type { Directory, DirectoryObject } from '../../directory/directory.ts';
import { withCredential } from '../../directory/with-credential.ts';
import { secretSeal } from '../../directory/secret-seal.ts';
import type { JsonObject } from '../../types/json.ts';
import type { Deployment } from '../../types/model.ts';
import type { ModelGroup } from '../../types/model-group.ts';
import type { GatewayOptions } from '../options.ts';
import { saltKeysOf } from '../salt-keys.ts';
import { nameProblems } from '../validate/name-problems.ts';
import { optionProblems } from '../validate/validate-options.ts';
import type { LiveModels } from './live-models.ts';
import { placedByName } from './placed-by-name.ts';

/** A model of the directory's, read: the group it belongs to, and its deployment. */
export type ReadModel = { readonly name: string; readonly deployment: Deployment };

/**
 * Reads and checks a model by itself, as it is written in the directory.
 * @throws ConfigurationError naming every mistake.
 */
export function readModel(written: JsonObject, options: GatewayOptions): ReadModel {
  const { modelReader, providers = [] } = options;
  if (!modelReader) throw new ConfigurationError([{ place: 'modelReader', message: 'is not set, so nobody can read the models of a directory' }]);
  const [salt, ...former] = saltKeysOf(options);
  const entry = salt === undefined ? written : secretSeal([salt, ...former]).open(written);
  const { name, deployment } = modelReader(
    entry,
    providers.map((provider) => provider.name),
  );
  const read = { name, deployment: { ...deployment, id: idOf(entry) ?? name, ...(isBlocked(entry) && { isBlocked: true }) } };
  const problems = optionProblems({ auth: false, providers, models: [{ name, deployments: [read.deployment] }] });
  if (problems.length > 0) throw new ConfigurationError(problems.map(placedInEntry), `The model '${name}' cannot be taken`);
  return read;
}

/**
 * A model as the directory is to keep it, once it was found right: with its credentials sealed.
 * @throws ConfigurationError naming every mistake.
 */
export function toStoredModel(entry: JsonObject, options: GatewayOptions): JsonObject {
  const [salt] = saltKeysOf(options);
  if (salt === undefined) throw new ConfigurationError([{ place: 'saltKey', message: 'is not set, and credentials are kept sealed by it' }]);
  readModel(entry, options);
  return secretSeal([salt]).seal(entry);
}

/**
 * Has the models of the directory called like declared ones, a moment after they were written there, by whichever
 * gateway. One that cannot be read, or has the id of another, is told once and left out; the others go on.
 */
export function followDirectory(directory: Directory, live: LiveModels, onError: (error: unknown) => void): void {
  let known = new Map<string, { readonly revision: number; readonly read: ReadModel | undefined }>();

  function read(object: DirectoryObject): ReadModel | undefined {
    const { id, body } = object;
    try {
      const { name, deployment } = readModel(withCredential(body, directory), live.options);
      if (Object.hasOwn(live.options.aliases ?? {}, name))
        throw new ConfigurationError(
          [{ place: 'model_name', message: `'${name}' is an alias of other models already` }],
          `The model '${name}' cannot be taken`,
        );
      const isTaken = (live.options.models ?? []).some(({ deployments }) => deployments.some((declared) => declared.id === id));
      if (isTaken)
        throw new ConfigurationError([{ place: 'model_info.id', message: 'a declared deployment has this id already' }], `The model '${name}' cannot be taken`);
      return { name, deployment: { ...deployment, id } };
    } catch (error) {
      onError(new Error(`The directory's model '${id}' is left out`, { cause: error }));
      return undefined;
    }
  }

  function follow(): void {
    const next: typeof known = new Map();
    for (const object of directory.all('model')) {
      const { id, revision } = object;
      const before = known.get(id);
      next.set(id, before?.revision === revision ? before : { revision, read: read(object) });
    }
    known = next;
    live.keep(groupsOf([...known.values()].flatMap((entry) => entry.read ?? [])));
  }

  directory.onChange((changed) => {
    // What was read of a model may have come from credentials that it names.
    if (changed.some(({ kind }) => kind === 'credential')) known = new Map();
    if (changed.some(({ kind }) => kind === 'model' || kind === 'credential')) follow();
  });
  if (directory.all('model').length > 0) follow();
  // Nobody waits for it. A store that is away is told of by itself.
  directory.ready().then(
    () => tellStrangers(live, onError),
    () => undefined,
  );
}

/** Names that neither the options nor the directory has are passed over by calls, and told here once. */
function tellStrangers({ options, registry }: LiveModels, onError: (error: unknown) => void): void {
  if (!options.modelReader) return;
  const { groups } = registry;
  const problems = placedByName(nameProblems({ ...options, models: groups }), groups);
  if (problems.length > 0) onError(new ConfigurationError(problems, 'Some models are named that neither the options nor the directory has'));
}

/** The entry is one group with one deployment, and its form has neither. */
function placedInEntry(problem: ConfigurationProblem): ConfigurationProblem {
  return { ...problem, place: problem.place.replace(/^models\[0\](\.deployments\[0\])?\.?/, '') || 'litellm_params' };
}

function groupsOf(models: readonly ReadModel[]): readonly ModelGroup[] {
  const groups = new Map<string, Deployment[]>();
  for (const { name, deployment } of models) groups.set(name, [...(groups.get(name) ?? []), deployment]);
  return [...groups].map(([name, deployments]) => ({ name, deployments }));
}

function idOf({ model_info: info }: JsonObject): string | undefined {
  const id = (info as JsonObject | undefined)?.id;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function isBlocked({ blocked, model_info: info }: JsonObject): boolean {
  return blocked === true || (info as JsonObject | undefined)?.blocked === true;
}
