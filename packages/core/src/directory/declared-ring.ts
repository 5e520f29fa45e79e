import type { KeyRing, KnownKey } from '../keys/key-ring.ts';
import type { Principal } from '../types/principal.ts';
import type { Directory } from './directory.ts';
import { toIdentified } from './to-identified.ts';
import { type KnownKeyOptions, toKnownKey } from './to-known-key.ts';

const LONGEST_MEMORY_MS = 60_000;

/** What a key is, by the directory; nothing where it is none any more. */
export type Look = (key: KnownKey, directory: Directory, options: KnownKeyOptions) => KnownKey | undefined;

/** Of a key that stands in the configuration: itself, with everybody of the directory who answers for it. */
export const withOwners: Look = (key, directory, options) => {
  if (!hasOwners(key.principal)) return key;
  const [joined = key] = toIdentified(key.principal, directory, options);
  return { ...key, ...joined, isBlocked: key.isBlocked || joined.isBlocked };
};

/** Of a key of which only the secret stands in the configuration: what the directory says. */
export const asKept: Look = ({ principal }, directory, options) => {
  const object = directory.get('key', principal.keyId);
  return object && toKnownKey(object, directory, options);
};

export type DeclaredRingOptions = Pick<KnownKeyOptions, 'calendar'> & {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
};

/** Declared keys as the directory makes them: worked out once, and again after any change there, or after a minute. */
export function declaredRing(ring: KeyRing, look: Look, directory: Directory, { calendar, now = Date.now }: DeclaredRingOptions): KeyRing {
  let known = new Map<KnownKey, { readonly key: KnownKey | undefined; readonly at: number }>();
  directory.onChange(() => (known = new Map()));

  return {
    find(credential) {
      const declared = ring.find(credential);
      if (!declared) return undefined;
      const moment = now();
      const remembered = known.get(declared);
      if (remembered && moment - remembered.at < LONGEST_MEMORY_MS) return remembered.key;
      const key = look(declared, directory, { calendar, now: moment });
      known.set(declared, { key, at: moment });
      return key;
    },
  };
}

function hasOwners({ userId, teamId, organizationId }: Principal): boolean {
  return (userId ?? teamId ?? organizationId) !== undefined;
}
