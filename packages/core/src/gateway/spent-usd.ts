import type { Desk } from '../admin/desk.ts';
import { periodFinder, readLength } from '../pricing/budget-period.ts';
import type { OwnerKind } from '../types/call.ts';
import type { ObjectKind } from '../types/directory.ts';
import type { GatewayOptions } from './options.ts';

const OWNERS: readonly (OwnerKind & ObjectKind)[] = ['key', 'user', 'team', 'organization', 'project', 'end_user', 'tag'];

/** What the ledger says of an object, since its budget began, or since ever. A ledger that is away tells nothing, and holds nothing up. */
export function spentUsd({ ledger, budget }: GatewayOptions): Desk['spentUsd'] {
  return async ({ kind, id, body }) => {
    const owner = OWNERS.find((one) => one === kind);
    if (!ledger?.spentSince || !owner) return undefined;
    const length = body.budget_duration;
    const isWindow = typeof length === 'string' && readLength(length) !== undefined;
    const since = isWindow ? periodFinder({ length, ...budget?.calendar })(Date.now()).startsAt : 0;
    return ledger.spentSince({ kind: owner, id }, since).then(
      (nanoUsd) => nanoUsd / 1e9,
      () => undefined,
    );
  };
}
