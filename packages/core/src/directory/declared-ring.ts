import type { KeyRing, KnownKey } from '../keys/key-ring.ts';
import type { Principal } from '../types/call.ts';
import type { Directory } from './directory.ts';
import type { BudgetCalendar } from './to-allowance.ts';
import { toIdentified } from './to-identified.ts';

const LONGEST_MEMORY_MS = 60_000;

/** Declared keys, with everybody of the directory who answers for them: worked out as for the directory's own. */
export function declaredRing(ring: KeyRing, directory: Directory, calendar: BudgetCalendar, now: () => number = Date.now): KeyRing {
  let known = new Map<KnownKey, { readonly key: KnownKey; readonly at: number }>();
  directory.onChange(() => (known = new Map()));

  return {
    find(credential) {
      const declared = ring.find(credential);
      if (!declared || !hasOwners(declared.principal)) return declared;
      const moment = now();
      const remembered = known.get(declared);
      if (remembered && moment - remembered.at < LONGEST_MEMORY_MS) return remembered.key;
      const [joined = declared] = toIdentified(declared.principal, directory, { calendar, now: moment });
      const key = { ...declared, ...joined, isBlocked: declared.isBlocked || joined.isBlocked };
      known.set(declared, { key, at: moment });
      return key;
    },
  };
}

function hasOwners({ userId, teamId, organizationId }: Principal): boolean {
  return (userId ?? teamId ?? organizationId) !== undefined;
}
