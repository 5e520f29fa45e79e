import { readLength } from '../../pricing/budget-period.ts';
import { isTimeZone } from '../../pricing/is-time-zone.ts';
import { aCount, aFlag, anObject, aText } from '../../requests/chat-shape.ts';
import { described, either, list, number, type ObjectShape, oneOf, only, optional, record, ruled, text, whole } from '../../requests/shape.ts';
import type { JsonObject } from '../../types/json.ts';
import { readDuration } from '../read-duration.ts';

export { aFlag, anObject, aText };

/** Past it dollars cannot be counted to the nano-dollar. */
const MOST_USD = 9_000_000;

export const id = text({ min: 1, max: 256, isPlain: true });
export const anId = optional(id);
export const ids = list(id, 1);
export const aName = optional(text({ min: 1, max: 256, isPlain: true }));
export const texts = optional(list(text({ max: 512, isPlain: true })));
const dollars = ruled(number(0), (value) => (value > MOST_USD ? `at most ${MOST_USD} dollars` : undefined));
export const anAmount = optional(dollars);
export const aLimit = optional(whole(0));

const budgetLength = ruled(text(), (value) => (readLength(value) ? undefined : "a length such as '30s', '5m', '2h', '1d', '1w' or '1mo'"));
export const aBudgetLength = optional(budgetLength);
export const aDuration = optional(
  ruled(text(), (value) => (readDuration(value) === undefined ? "a time such as '30s', '5m', '2h', '7d' or '1mo'" : undefined)),
);
export const anInstant = optional(ruled(text(), (value) => (Number.isNaN(Date.parse(value)) ? "a date such as '2026-01-31T00:00:00Z'" : undefined)));

const aShare = ruled(number(0), (value) => (value > 1 ? 'at most 1' : undefined));

const zone = ruled(text(), (value) => (isTimeZone(value) ? undefined : 'a time zone such as Europe/Berlin'));

export const ownAllowance = {
  max_budget: described(anAmount, 'In dollars.'),
  soft_budget: described(anAmount, 'In dollars; crossing it is told and refuses nothing.'),
  budget_duration: described(aBudgetLength, 'After which the budget starts anew.'),
  budget_time_zone: described(optional(zone), 'The IANA zone in which its days, weeks and months begin; default: the gateway’s.'),
  budget_alignment: described(
    optional(oneOf('calendar', 'rolling')),
    'Whether the budget starts anew at a moment, or what was spent longer ago no longer counts.',
  ),
  tpm_limit: aLimit,
  rpm_limit: aLimit,
  max_parallel_requests: aLimit,
  max_cost_per_minute: described(anAmount, 'In dollars.'),
  degrade: described(optional(only({ at: aShare, to: record(text({ min: 1 })) })), 'Cheaper models in place of others once this share of the budget is spent.'),
  shadow: described(aFlag, 'Whether what goes beyond these is told, and not refused.'),
};

/** Limits and a budget, of whomever has them. */
export const allowance = { ...ownAllowance, budget_id: described(anId, 'A shared budget, for what is not said here.') };
export const ALLOWANCE_FIELDS = Object.keys(allowance);

/** What is the same in everybody who answers for calls: keys, users, teams, organizations, projects. */
export const answering = {
  models: texts,
  access_group_ids: texts,
  ...allowance,
  guardrails: texts,
  enforced_params: texts,
  metadata: anObject,
  blocked: aFlag,
};

const empty = optional<unknown>({
  wanted: 'empty',
  schema: { description: 'Of LiteLLM: Sluice lacks it, and takes it only empty.' },
  misfit: (value) => (isEmpty(value) ? undefined : { path: [], wanted: 'empty: Sluice does not have what it asks for', found: value }),
});

/** What LiteLLM has and Sluice lacks: taken as long as it asks for nothing, for its scripts send it empty. */
export function lacking<const Name extends string>(...names: readonly Name[]): Readonly<Record<Name, typeof empty>> {
  return Object.fromEntries(names.map((name) => [name, empty])) as Record<Name, typeof empty>;
}

/** An input without the fields that ask for nothing, for they are not to be kept. */
export function withoutLacking({ schema }: ObjectShape, input: JsonObject): JsonObject {
  const { properties = {} } = schema as { readonly properties?: JsonObject };
  return Object.fromEntries(Object.entries(input).filter(([name]) => properties[name] !== empty.schema));
}

/** LiteLLM's pages write this one in quotes. */
const quotedDollars = ruled(text(), (value) => (/^\d+(\.\d+)?$/.test(value) && Number(value) <= MOST_USD ? undefined : 'an amount of dollars'));
const aModelAmount = optional(either(dollars, quotedDollars));
const modelBudget = only({ budget_limit: aModelAmount, max_budget: aModelAmount, time_period: aBudgetLength, budget_duration: aBudgetLength });
/** Of keys alone. */
export const modelAllowances = {
  model_max_budget: optional(record(modelBudget)),
  model_rpm_limit: optional(record(whole(0))),
  model_tpm_limit: optional(record(whole(0))),
};
export const noModelAllowances = lacking('model_max_budget', 'model_rpm_limit', 'model_tpm_limit');

/** When something was made and changed, and by whom; and what it has cost where a ledger tells. */
export const stamps = { created_at: aText, created_by: aText, updated_at: aText, updated_by: aText };
export const spent = {
  spend: described(optional(number(0)), 'In dollars, since the budget began; absent without a ledger.'),
  budget_reset_at: described(aText, 'When the budget starts anew; absent where it does not.'),
};

const aPageSize = optional(ruled(whole(1), (value) => (value > 1000 ? 'at most 1000' : undefined)));
const sorting = { sort_by: aText, sort_order: optional(oneOf('asc', 'desc')) };
/** Some of LiteLLM's lists say `size`, others `page_size`. */
export const paging = { page: aCount, size: aPageSize, ...sorting };
export const unsortedPaging = { page: aCount, page_size: aPageSize };
export const pagingBySize = { ...unsortedPaging, ...sorting };
export const format = { format: described(optional(oneOf('json', 'csv')), 'Also by `Accept: text/csv`.') };
/** Of lists that are answered whole unless a page is asked for. */
export const listing = { search: described(aText, 'A part of an id, a name or an email.'), ...pagingBySize, ...format };

function isEmpty(value: unknown): boolean {
  return !value || (typeof value === 'object' && Object.keys(value).length === 0);
}
