import type { OnBudgetAlert } from '../types/budget-alert.ts';
import type { Sink } from '../types/record.ts';

export type BudgetAlertTellerOptions = {
  readonly sinks: readonly Sink[];
  readonly onAlert: OnBudgetAlert | undefined;
  readonly onError: (error: unknown) => void;
};

/** Tells the host and every sink that listens. Nothing where nobody does, so that what happens then still does. */
export function budgetAlertTeller({ sinks, onAlert, onError }: BudgetAlertTellerOptions): OnBudgetAlert | undefined {
  const listeners = sinks.filter(({ budgetAlert }) => budgetAlert !== undefined);
  if (listeners.length === 0) return onAlert;
  return async (alert) => {
    const told = await Promise.allSettled([onAlert, ...listeners.map((sink) => sink.budgetAlert?.bind(sink))].map(async (tell) => tell?.(alert)));
    for (const result of told) if (result.status === 'rejected') onError(result.reason);
  };
}
