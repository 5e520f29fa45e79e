import type { BudgetSpend, Desk, ProviderSpend } from '../admin/desk.ts';
import { gathered } from './gathered-spend.ts';
import type { Directory, DirectoryObject } from '../directory/directory.ts';
import { type BudgetCalendar, windowOf } from '../directory/to-allowance.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { lengthMs, periodFinder, readLength } from '../pricing/budget-period.ts';
import type { BudgetWindow, OwnerKind } from '../types/principal.ts';
import type { ObjectKind } from '../types/directory.ts';
import type { GatewayOptions } from './options.ts';

const OWNERS: readonly (OwnerKind & ObjectKind)[] = ['key', 'user', 'team', 'organization', 'project', 'end_user', 'tag'];

/** What the ledger says of an object, since its budget began, or since ever. A ledger that is away tells nothing, and holds nothing up. */
export function spendOf({ ledger, budget }: GatewayOptions, directory: Directory | undefined): Desk['spendOf'] {
  const spentSince = ledger && gathered(ledger);
  return async (object): Promise<BudgetSpend> => {
    const owner = OWNERS.find((one) => one === object.kind);
    if (!owner) return {};
    const window = windowIn(object, directory, budget?.calendar ?? {});
    const period = window && periodOf(window, Date.now());
    const reset = period?.endsAt === undefined ? {} : { budget_reset_at: new Date(period.endsAt).toISOString() };
    if (!spentSince) return reset;
    return spentSince({ kind: owner, id: object.id }, period?.startsAt ?? 0).then(
      (nanoUsd) => ({ spend: nanoUsd / 1e9, ...reset }),
      () => reset,
    );
  };
}

/** The budgets that providers have, and what was spent of them. @throws GatewayError `ledger_missing`, `store_unavailable`. */
export function providerBudgets({ ledger, budget }: GatewayOptions): Desk['providerBudgets'] {
  return async () => {
    if (!ledger?.spentSince) throw new GatewayError('ledger_missing', 'This gateway does not keep what was spent: give it a `ledger` that tells `spentSince`');
    const spentSince = ledger.spentSince.bind(ledger);
    const entries = Object.entries(budget?.providers ?? {}).map(async ([id, { budgetNanoUsd, budgetWindow }]): Promise<readonly [string, ProviderSpend]> => {
      const period = budgetWindow && periodOf(budgetWindow, Date.now());
      const spent = await spentSince({ kind: 'provider', id }, period?.startsAt ?? 0).catch((cause: unknown) => {
        throw new GatewayError('store_unavailable', 'The ledger cannot be read at the moment', { cause, retryable: true });
      });
      return [
        id,
        {
          ...(budgetNanoUsd !== undefined && { budget_limit: budgetNanoUsd / 1e9 }),
          ...(budgetWindow && { time_period: budgetWindow.length }),
          spend: spent / 1e9,
          ...(period?.endsAt !== undefined && { budget_reset_at: new Date(period.endsAt).toISOString() }),
        },
      ];
    });
    return Object.fromEntries(await Promise.all(entries));
  };
}

/** What a budget counts now. One that rolls has no moment at which it starts anew. */
function periodOf(window: BudgetWindow, now: number): { readonly startsAt: number; readonly endsAt?: number } {
  return window.alignment === 'rolling' ? { startsAt: Math.floor((now - lengthMs(window.length)) / 1000) * 1000 } : periodFinder(window)(now);
}

/** An object's own, or that of the shared budget it names. */
function windowIn({ body }: DirectoryObject, directory: Directory | undefined, calendar: BudgetCalendar): BudgetWindow | undefined {
  const shared = typeof body.budget_id === 'string' ? directory?.get('budget', body.budget_id)?.body : undefined;
  const field = (name: string): unknown => body[name] ?? shared?.[name];
  const length = field('budget_duration');
  return typeof length === 'string' && readLength(length) !== undefined ? windowOf(length, field, calendar) : undefined;
}
