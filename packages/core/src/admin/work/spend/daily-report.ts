import type { BytesReply } from '../../../types/call.ts';
import type { SpendRow } from '../../../types/spend.ts';
import type { AdminCall } from '../../admin-call.ts';
import type { InputOf, OutputOf } from '../../admin-route.ts';
import type { GLOBAL_SPEND_ROUTES } from '../../contract/global-spend-routes.ts';
import type { Desk } from '../../desk.ts';
import { textOf } from '../../read-body.ts';
import { csvReply } from '../csv.ts';
import { callsAskedFor } from './calls-asked-for.ts';
import { reportsOf } from './reports-of.ts';
import { costOfRow, grouped, summed, tokensOf, toUsd } from './rows.ts';

type Report = (typeof GLOBAL_SPEND_ROUTES)['global.report'];

/** What was spent by teams or customers each day, or by each key. Calls without a team, or a customer, are in none. */
export async function dailyReport(call: AdminCall<InputOf<Report>>, desk: Desk): Promise<OutputOf<Report> | BytesReply> {
  const { group_by: groupBy, internal_user_id: user, customer_id: customer, format, ...asked } = call.input;
  const calls = callsAskedFor(call, desk, { ...asked, ...(user && { user_id: user }), ...(customer && { end_user: customer }) });
  const part = groupBy === 'customer' ? 'end_user' : groupBy === 'api_key' ? 'key' : 'team';
  const by = part === 'key' ? (['key', 'model'] as const) : (['day', part, 'model', 'key'] as const);
  const rows = await reportsOf(desk).spendBy({ ...calls, by });
  if (format === 'csv') return csvReply([...by, 'requests', 'prompt_tokens', 'completion_tokens', 'spend'], rows.map(toFlat));
  if (part === 'key') return [...grouped(rows, 'key')].map(([key, ofKey]) => toKeyRow(key, ofKey));
  const days = [...grouped(rows, 'day')].sort(([one], [other]) => (one < other ? -1 : 1));
  return days.map(([day, ofDay]) => {
    const spenders = [...grouped(ofDay, part)];
    if (part === 'end_user') return { group_by_day: day, customers: spenders.map(([id, ofOne]) => ({ customer: id, ...toDetails(ofOne) })) };
    const teams = spenders.map(([id, ofOne]) => ({ team_name: textOf(call.find('team', id)?.body.team_alias) ?? id, team_id: id, ...toDetails(ofOne) }));
    return { group_by_day: day, teams };
  });
}

function toDetails(rows: readonly SpendRow[]) {
  const metadata = rows.map((row) => ({ model: String(row.model), spend: toUsd(row.costNanoUsd), total_tokens: tokensOf(row), api_key: String(row.key) }));
  return { total_spend: toUsd(summed(rows, costOfRow)), metadata };
}

function toKeyRow(key: string, rows: readonly SpendRow[]) {
  return { api_key: key, ...toTotals(rows), model_details: rows.map((row) => ({ model: String(row.model), ...toTotals([row]) })) };
}

function toTotals(rows: readonly SpendRow[]) {
  return {
    total_cost: toUsd(summed(rows, costOfRow)),
    total_input_tokens: summed(rows, ({ inputTokens }) => inputTokens),
    total_output_tokens: summed(rows, ({ outputTokens }) => outputTokens),
  };
}

function toFlat(row: SpendRow): object {
  return { ...row, requests: row.calls, prompt_tokens: row.inputTokens, completion_tokens: row.outputTokens, spend: toUsd(row.costNanoUsd) };
}
