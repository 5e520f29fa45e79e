import { management } from '../admin/management.ts';
import type { Directory } from '../directory/directory.ts';
import { issueKey } from '../directory/issue-key.ts';
import { type SecretSeal, secretSeal } from '../directory/secret-seal.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { ROUTE_BOOK } from '../http/route-book.ts';
import { saltName } from '../keys/key-hash.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Handler } from '../pipeline/hook.ts';
import type { GatewayModels } from './models/gateway-models.ts';
import type { GatewayOptions } from './options.ts';
import { isKey } from './open-directory.ts';
import { saltKeysOf } from './salt-keys.ts';
import { providerBudgets, spendOf } from './spend-of-objects.ts';

export type ManagedParts = { readonly directory: Directory | undefined; readonly ring: KeyRing; readonly models: GatewayModels };

/** The management routes of a gateway. Without a directory they say what is missing. */
export function openManagement(options: GatewayOptions, { directory, ring, models }: ManagedParts): Handler {
  const [saltKey, ...former] = saltKeysOf(options);
  const declaredKeys = new Set((options.declared ?? []).filter(isKey).map(({ id }) => id));
  let seal: SecretSeal | undefined;

  function requireSalt(): string {
    if (saltKey !== undefined) return saltKey;
    throw new GatewayError('directory_missing', 'This gateway cannot keep secrets: give it a `saltKey`, which hashes and seals are made with');
  }

  return management({
    directory,
    desk: {
      issue: (key) => issueKey(requireSalt(), key),
      keyIdOf: (credential) => ring.find(credential)?.principal.keyId,
      rules: options.management ?? {},
      isDeclaredKey: (id) => declaredKeys.has(id),
      spendOf: spendOf(options, directory),
      reports: options.ledger?.reports,
      providerBudgets: providerBudgets(options),
      models,
      get seal() {
        return (seal ??= secretSeal([requireSalt(), ...former]));
      },
      get saltName() {
        return saltName(requireSalt());
      },
      guardrails: (options.guardrails ?? []).map(({ guardrail }) => guardrail.name),
      routes: ROUTE_BOOK,
    },
  });
}
