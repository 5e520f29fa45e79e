import { management } from '../admin/management.ts';
import type { Directory } from '../directory/directory.ts';
import { type IssuedKey, issueKey } from '../directory/issue-key.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { ROUTE_BOOK } from '../http/route-book.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Handler } from '../pipeline/hook.ts';
import type { GatewayOptions } from './options.ts';
import { spentUsd } from './spent-usd.ts';

/** The management routes of a gateway. Without a directory they say what is missing. */
export function openManagement(options: GatewayOptions, directory: Directory | undefined, ring: KeyRing): Handler {
  const saltKey = options.saltKey ?? options.masterKey;

  function issue(key?: string): IssuedKey {
    if (saltKey === undefined)
      throw new GatewayError('directory_missing', 'This gateway cannot keep keys: give it a `saltKey`, which their hashes are made with');
    return issueKey(saltKey, key);
  }

  return management({
    directory,
    desk: {
      issue,
      keyIdOf: (credential) => ring.find(credential)?.principal.keyId,
      spentUsd: spentUsd(options),
      guardrails: (options.guardrails ?? []).map(({ guardrail }) => guardrail.name),
      routes: ROUTE_BOOK,
    },
  });
}
