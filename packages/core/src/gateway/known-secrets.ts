import type { Secret } from '../types/model.ts';
import type { GatewayOptions } from './options.ts';

const CREDENTIAL_HEADER = /authorization|key|token|secret|cookie/i;

/**
 * The credentials that every call may meet, so that they can be hidden wherever an error quotes them. Virtual
 * keys are not among them: there may be thousands, and each call knows the one it came with.
 */
export function knownSecrets({ models = [], masterKey }: GatewayOptions): string[] {
  const found = new Set<string>();
  for (const { deployments } of models) {
    for (const { apiKey, headers = {}, options = {} } of deployments) {
      if (apiKey) found.add(apiKey.reveal());
      for (const value of Object.values(options)) if (isSecret(value)) found.add(value.reveal());
      for (const [name, value] of Object.entries(headers)) if (CREDENTIAL_HEADER.test(name)) found.add(value);
    }
  }
  if (masterKey !== undefined) found.add(typeof masterKey === 'string' ? masterKey : masterKey.reveal());
  return [...found];
}

function isSecret(value: unknown): value is Secret {
  return typeof (value as Partial<Secret> | null | undefined)?.reveal === 'function';
}
