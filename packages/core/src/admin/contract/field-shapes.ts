import { readLength } from '../../pricing/budget-period.ts';
import { anObject, aFlag, aText } from '../../requests/chat-shape.ts';
import { described, fields, list, number, optional, record, ruled, type Shape, text, whole } from '../../requests/shape.ts';
import { readDuration } from '../read-duration.ts';

/** Past it dollars cannot be counted to the nano-dollar. */
const MOST_USD = 9_000_000;

export const anId = optional(text({ min: 1, max: 256, isPlain: true }));
export const texts = optional(list(text({ max: 512, isPlain: true })));
export const dollars = ruled(number(0), (value) => (value > MOST_USD ? `at most ${MOST_USD} dollars` : undefined));

const budgetLength = ruled(text(), (value) => (readLength(value) ? undefined : "a length such as '30s', '5m', '2h', '1d', '1w' or '1mo'"));
export const duration = ruled(text(), (value) => (readDuration(value) === undefined ? "a time such as '30s', '5m', '2h', '7d' or '1mo'" : undefined));
export const instant = ruled(text(), (value) => (Number.isNaN(Date.parse(value)) ? "a date such as '2026-01-31T00:00:00Z'" : undefined));

/** Limits and a budget, of whomever has them. */
export const allowance = {
  max_budget: described(optional(dollars), 'In dollars.'),
  soft_budget: described(optional(dollars), 'In dollars; crossing it is told and refuses nothing.'),
  budget_duration: described(optional(budgetLength), 'After which the budget starts anew.'),
  budget_id: described(anId, 'A shared budget, for what is not said here.'),
  tpm_limit: optional(whole(0)),
  rpm_limit: optional(whole(0)),
  max_parallel_requests: optional(whole(0)),
};

export const modelAllowances = {
  model_max_budget: optional(
    record(
      fields({ budget_limit: optional(dollars), max_budget: optional(dollars), time_period: optional(budgetLength), budget_duration: optional(budgetLength) }),
    ),
  ),
  model_rpm_limit: optional(record(whole(0))),
  model_tpm_limit: optional(record(whole(0))),
};

/** When something was made and changed, and by whom. */
export const stamps = { created_at: aText, created_by: aText, updated_at: aText, updated_by: aText };

/** What LiteLLM has and Sluice lacks: taken as long as it asks for nothing, for its scripts send it empty. */
export function lacking(...names: readonly string[]): Record<string, Shape<unknown> & { readonly isOptional: true }> {
  return Object.fromEntries(names.map((name) => [name, optional(emptyOnly)]));
}

const emptyOnly: Shape<unknown> = ruled<unknown>(
  { wanted: 'empty', schema: { description: 'Of LiteLLM: Sluice lacks it, and takes it only empty.' }, misfit: () => undefined },
  (value) => (isEmpty(value) ? undefined : 'empty (Sluice does not have what it asks for)'),
);

function isEmpty(value: unknown): boolean {
  return !value || (typeof value === 'object' && Object.keys(value).length === 0);
}

export { anObject, aFlag, aText };
