import type { Handler } from '../pipeline/hook.ts';
import { RecordedSpend } from '../pricing/recorded-spend.ts';
import { withinBudgets } from '../provider/within-budgets.ts';
import { withinCeilings } from '../provider/within-ceilings.ts';
import { ASSUMED_PAID_TOKENS } from '../hooks/admission/plan.ts';
import type { Store } from '../store/store.ts';
import type { LiveModels } from './models/live-models.ts';

export type BoundsOptions = {
  readonly live: LiveModels;
  readonly store: Store;
  readonly onError: (error: unknown) => void;
};

/** Calls upstream within what each deployment and each provider may be used for. */
export function withinBounds(callUpstream: Handler, { live, store, onError }: BoundsOptions): Handler {
  const { onStoreError = 'closed', ledger, budget } = live.options;
  const rated = withinCeilings(callUpstream, { store, isOn: () => live.options.router?.enforceRates === true, onStoreError });
  return withinBudgets(rated, {
    providers: () => live.options.budget?.providers,
    store,
    onStoreError,
    recorded: ledger?.spentSince && new RecordedSpend({ ledger, store, onStoreError, onError, now: Date.now }),
    unpriced: budget?.unpriced,
    assumedOutputTokens: budget?.assumedOutputTokens ?? ASSUMED_PAID_TOKENS,
  });
}
