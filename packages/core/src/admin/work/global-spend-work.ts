import { ERROR_CODES, type ErrorCode } from '../../errors/error-codes.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { SpendPart, SpendRow } from '../../types/spend.ts';
import type { AdminCall } from '../admin-call.ts';
import type { GLOBAL_SPEND_ROUTES } from '../contract/global-spend-routes.ts';
import type { Desk, Work } from '../desk.ts';
import { type Asked, callsAskedFor, type Since } from './spend/calls-asked-for.ts';
import { dailyReport } from './spend/daily-report.ts';
import { reportsOf } from './spend/reports-of.ts';
import { costOfRow, grouped, namesIn, summed, tokensOf, toUsd } from './spend/rows.ts';

export const globalSpendWork: Work<typeof GLOBAL_SPEND_ROUTES> = {
  async 'global.spend'(call, desk) {
    return { spend: toUsd(summed(await rowsBy(call, desk, [], 'ever'), costOfRow)) };
  },

  async 'global.tag_names'(call, desk) {
    return { tag_names: (await rowsBy(call, desk, ['tag'], 'ever')).map(({ tag }) => String(tag)).sort() };
  },

  async 'global.logs'(call, desk) {
    return (await daysBy(call, desk, ['day'])).map((row) => ({ date: String(row.day), spend: toUsd(row.costNanoUsd) }));
  },

  async 'global.keys'(call, desk) {
    return limited(await rowsBy(call, desk, ['key']), call.input).map((row) => ({
      api_key: String(row.key),
      ...namesIn(call.find('key', String(row.key))?.body, 'key_alias', 'key_name'),
      total_spend: toUsd(row.costNanoUsd),
    }));
  },

  async 'global.teams'(call, desk) {
    const totals = await rowsBy(call, desk, ['team']);
    const days = grouped(await daysBy(call, desk, ['day', 'team']), 'day');
    return {
      daily_spend: [...days].map(([date, rows]) => ({ ...Object.fromEntries(rows.map((row) => [String(row.team), toUsd(row.costNanoUsd)])), date })),
      teams: totals.map(({ team }) => String(team)),
      total_spend_per_team: totals.map((row) => ({
        team_id: String(row.team),
        ...namesIn(call.find('team', String(row.team))?.body, 'team_alias'),
        total_spend: toUsd(row.costNanoUsd),
      })),
    };
  },

  async 'global.models'(call, desk) {
    return limited(await rowsBy(call, desk, ['model']), call.input).map((row) => ({ model: String(row.model), total_spend: toUsd(row.costNanoUsd) }));
  },

  async 'global.provider'(call, desk) {
    return (await rowsBy(call, desk, ['provider'])).map((row) => ({ provider: String(row.provider), spend: toUsd(row.costNanoUsd) }));
  },

  async 'global.tags'(call, desk) {
    const wanted = call.input.tags?.split(',');
    const rows = (await rowsBy(call, desk, ['tag'])).filter(({ tag }) => !wanted || wanted.includes(String(tag)));
    return { spend_per_tag: rows.map((row) => ({ name: String(row.tag), spend: toUsd(row.costNanoUsd), log_count: row.calls })) };
  },

  async 'global.end_users'(call, desk) {
    const { api_key, startTime: start_date, endTime: end_date } = call.input;
    const asked = callsAskedFor(call, desk, { api_key: api_key ?? null, start_date: start_date ?? null, end_date: end_date ?? null });
    const rows = await reportsOf(desk).spendBy({ ...asked, by: ['end_user'] });
    return rows.map((row) => ({ end_user: String(row.end_user), total_count: row.calls, total_spend: toUsd(row.costNanoUsd) }));
  },

  'global.report': dailyReport,

  'global.reset'() {
    throw new GatewayError(
      'unsupported_operation',
      'What was spent stays spent: budgets are held against it. Raise max_budget, or give budgets a budget_duration',
    );
  },

  async 'global.activity'(call, desk) {
    return toActivity(await daysBy(call, desk, ['day']));
  },

  async 'global.activity_model'(call, desk) {
    return [...grouped(await daysBy(call, desk, ['day', 'model']), 'model')].map(([model, rows]) => ({ model, ...toActivity(rows) }));
  },

  async 'global.activity_exceptions'(call, desk) {
    const failed = grouped(await daysBy(call, desk, ['day', 'code'], call.input.model_group), 'day');
    const days = [...failed].map(([date, rows]) => ({
      date,
      num_exceptions: summed(rows, ({ calls }) => calls),
      num_rate_limit_exceptions: summed(rows, (row) => (isRateLimit(row) ? row.calls : 0)),
      codes: Object.fromEntries(rows.map((row) => [String(row.code), row.calls])),
    }));
    const sum = (name: 'num_exceptions' | 'num_rate_limit_exceptions'): number => days.reduce((total, day) => total + day[name], 0);
    return { daily_data: days, sum_num_exceptions: sum('num_exceptions'), sum_num_rate_limit_exceptions: sum('num_rate_limit_exceptions') };
  },
};

function rowsBy(call: AdminCall<Asked>, desk: Desk, by: readonly SpendPart[], since?: Since): Promise<readonly SpendRow[]> {
  return reportsOf(desk).spendBy({ ...callsAskedFor(call, desk, call.input, since), by });
}

/** From the first day to the last. */
async function daysBy(call: AdminCall<Asked>, desk: Desk, by: readonly SpendPart[], model?: string | null): Promise<readonly SpendRow[]> {
  const rows = await reportsOf(desk).spendBy({ ...callsAskedFor(call, desk, { ...call.input, ...(model && { model }) }), by });
  return [...rows].sort((one, other) => (String(one.day) < String(other.day) ? -1 : String(one.day) > String(other.day) ? 1 : 0));
}

function limited(rows: readonly SpendRow[], { limit }: { readonly limit?: number | null }): readonly SpendRow[] {
  return limit ? rows.slice(0, limit) : rows;
}

function toActivity(rows: readonly SpendRow[]) {
  return {
    daily_data: rows.map((row) => ({ date: String(row.day), api_requests: row.calls, total_tokens: tokensOf(row) })),
    sum_api_requests: summed(rows, ({ calls }) => calls),
    sum_total_tokens: summed(rows, tokensOf),
  };
}

function isRateLimit({ code }: SpendRow): boolean {
  return code !== undefined && Object.hasOwn(ERROR_CODES, code) && ERROR_CODES[code as ErrorCode].status === 429;
}
