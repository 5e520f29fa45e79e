import type { JsonObject } from './json.ts';
import type { Deployment } from './model.ts';

/** A deployment, and the name of the group that it belongs to. */
export type NamedDeployment = { readonly name: string; readonly deployment: Omit<Deployment, 'id'> };

/**
 * Reads a model as the directory keeps it, and as scripts send it: in the form of one entry of LiteLLM's `model_list`.
 * Only these providers can be meant, by name.
 * @throws ConfigurationError naming every mistake, with places within the entry.
 */
export type ModelReader = (entry: JsonObject, providers: readonly string[]) => NamedDeployment;
