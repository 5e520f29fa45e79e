import type { ModelRegistry } from '../models/model-registry.ts';
import type { ModelSnapshot } from '../models/model-snapshot.ts';
import { revealed } from '../models/secret.ts';
import type { Secret } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';

const CREDENTIAL_HEADER = /authorization|key|token|secret|cookie/i;

/** {@link secretsIn} the models that there are now. */
export function knownSecrets(models: ModelRegistry, masterKey: string | Secret | undefined): () => readonly string[] {
  let within: ModelSnapshot | undefined;
  let known: readonly string[] = [];
  return () => {
    if (within !== models.current) [known, within] = [secretsIn(models.groups, masterKey), models.current];
    return known;
  };
}

/**
 * The credentials that every call may meet, so that they can be hidden wherever an error quotes them. Virtual
 * keys are not among them: there may be thousands, and each call knows the one it came with.
 */
function secretsIn(groups: readonly ModelGroup[], masterKey: string | Secret | undefined): string[] {
  const found = new Set<string>();
  for (const { deployments } of groups) {
    for (const { apiKey, headers = {}, options = {} } of deployments) {
      if (apiKey) found.add(apiKey.reveal());
      for (const value of Object.values(options)) if (isSecret(value)) found.add(value.reveal());
      for (const [name, value] of Object.entries(headers)) if (CREDENTIAL_HEADER.test(name)) found.add(value);
    }
  }
  const administrators = revealed(masterKey);
  if (administrators !== undefined) found.add(administrators);
  return [...found];
}

function isSecret(value: unknown): value is Secret {
  return typeof (value as Partial<Secret> | null | undefined)?.reveal === 'function';
}
