import { type DeclaredKey, type DeclaredObject, declaredDirectory } from '../directory/declared-directory.ts';
import { asKept, declaredRing, withOwners } from '../directory/declared-ring.ts';
import { Directory } from '../directory/directory.ts';
import { directoryRing } from '../directory/directory-ring.ts';
import { hashRenewal } from '../directory/renew-hashes.ts';
import { type KeyRing, keyRing, ringOf } from '../keys/key-ring.ts';
import type { GatewayOptions } from './options.ts';
import { saltKeysOf } from './salt-keys.ts';

/** What the configuration declares, under what is written to the directory; nothing where there is neither. */
export function openDirectory({ directory, declared = [] }: GatewayOptions, onError: (error: unknown) => void): Directory | undefined {
  if (declared.length > 0) return new Directory({ store: declaredDirectory(declared, directory), onError });
  return directory && new Directory({ store: directory, onError });
}

/** Every key there is, wherever it was made. */
export function openRing(options: GatewayOptions, directory: Directory | undefined): KeyRing {
  const { keys = [], declared = [], masterKey, budget } = options;
  const own = keyRing(keys, masterKey);
  if (!directory) return own;
  const calendar = budget?.calendar ?? {};
  const named = keyRing(declared.filter(isKey).map(({ id, key }) => ({ id, key })));
  return ringOf(
    declaredRing(own, withOwners, directory, { calendar }),
    declaredRing(named, asKept, directory, { calendar }),
    directoryRing(directory, { saltKeys: saltKeysOf(options), calendar, onFormerHash: hashRenewal(directory) }),
  );
}

export function isKey(object: DeclaredObject): object is DeclaredKey {
  return object.kind === 'key';
}
