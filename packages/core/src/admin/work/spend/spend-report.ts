import type { ObjectKind } from '../../../types/directory.ts';
import type { BytesReply } from '../../../types/call.ts';
import type { JsonObject } from '../../../types/json.ts';
import type { SpendPart, SpendRow } from '../../../types/spend.ts';
import type { AdminCall } from '../../admin-call.ts';
import type { InputOf, OutputOf } from '../../admin-route.ts';
import type { SPEND_ROUTES } from '../../contract/spend-routes.ts';
import type { Desk } from '../../desk.ts';
import { textOf } from '../../read-body.ts';
import { csvReply } from '../csv.ts';
import { callsAskedFor } from './calls-asked-for.ts';
import { reportsOf } from './reports-of.ts';
import { costOfRow, summed, toUsd } from './rows.ts';

type Report = (typeof SPEND_ROUTES)['spend.report'];
type GroupBy = NonNullable<InputOf<Report>['group_by']>;
type Reported = NonNullable<OutputOf<Report>['teams']>[number];

type Group = {
  readonly field: Exclude<keyof OutputOf<Report>, 'total_spend'>;
  readonly part: SpendPart;
  readonly kind?: ObjectKind;
  readonly id: string;
  readonly name?: string;
};

/** What each grouping is of, and how its rows name it. */
const GROUPS: Readonly<Record<GroupBy, Group>> = {
  team: { field: 'teams', part: 'team', kind: 'team', id: 'team_id', name: 'team_alias' },
  user: { field: 'users', part: 'user', kind: 'user', id: 'user_id', name: 'user_alias' },
  key: { field: 'keys', part: 'key', kind: 'key', id: 'token', name: 'key_alias' },
  model: { field: 'models', part: 'model', id: 'model' },
  tag: { field: 'tags', part: 'tag', kind: 'tag', id: 'tag' },
  customer: { field: 'customers', part: 'end_user', kind: 'end_user', id: 'customer', name: 'alias' },
};

export async function spendReport(call: AdminCall<InputOf<Report>>, desk: Desk): Promise<OutputOf<Report> | BytesReply> {
  const { group_by: groupBy, format, ...asked } = call.input;
  const group = GROUPS[groupBy ?? 'team'];
  const calls = callsAskedFor(call, desk, asked);
  const rows = await reportsOf(desk).spendBy({ ...calls, by: [group.part] });
  const reported = await Promise.all(rows.map((row) => toReported(row, group, call, desk)));
  if (format === 'csv') return csvReply(columnsOf(group), reported);
  // Calls that lack what is grouped by are in no row, and those with several tags in several.
  const [whole] = await reportsOf(desk).spendBy({ ...calls, by: [] });
  return { [group.field]: reported, total_spend: toUsd(summed(whole ? [whole] : [], costOfRow)) };
}

async function toReported(row: SpendRow, { part, kind, id: idName, name: nameIn }: Group, call: AdminCall<unknown>, desk: Desk): Promise<Reported> {
  const id = String(row[part]);
  const object = kind && call.find(kind, id);
  const budget = object && (await desk.spendOf(object));
  return {
    id,
    [idName]: id,
    ...(nameIn && { [`${part === 'end_user' ? 'customer' : part}_name`]: textOf(object?.body[nameIn]) ?? id }),
    total_spend: toUsd(row.costNanoUsd),
    ...budgetIn(object?.body, call),
    ...(budget?.spend !== undefined && { budget_spend: budget.spend }),
    ...(budget?.budget_reset_at && { budget_reset_at: budget.budget_reset_at }),
    requests: row.calls,
    prompt_tokens: row.inputTokens,
    completion_tokens: row.outputTokens,
  };
}

function budgetIn(body: JsonObject | undefined, { directory }: AdminCall<unknown>): { readonly budget_limit?: number } {
  const shared = typeof body?.budget_id === 'string' ? directory.get('budget', body.budget_id)?.body : undefined;
  const limit = body?.max_budget ?? shared?.max_budget;
  return typeof limit === 'number' ? { budget_limit: limit } : {};
}

function columnsOf({ part, id, name }: Group): readonly string[] {
  const names = name ? [`${part === 'end_user' ? 'customer' : part}_name`] : [];
  return [id, ...names, 'total_spend', 'budget_limit', 'budget_spend', 'budget_reset_at', 'requests', 'prompt_tokens', 'completion_tokens'];
}
