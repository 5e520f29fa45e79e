import { GatewayError } from '../../errors/gateway-error.ts';
import { costOf } from '../../pricing/cost.ts';
import { estimateTokens } from '../../pricing/estimate.ts';
import { readUsage } from '../../provider/wire-usage.ts';
import type { ModelRequest } from '../../types/chat.ts';
import type { JsonObject } from '../../types/json.ts';
import type { Price } from '../../types/model.ts';
import type { CallFilter, CallMatch, SpendRow } from '../../types/spend.ts';
import type { AdminCall } from '../admin-call.ts';
import type { InputOf, OutputOf } from '../admin-route.ts';
import type { SPEND_ROUTES } from '../contract/spend-routes.ts';
import type { Desk, Work } from '../desk.ts';
import { textOf } from '../read-body.ts';
import { csvReply } from './csv.ts';
import { callsAskedFor } from './spend/calls-asked-for.ts';
import { reportsOf } from './spend/reports-of.ts';
import { costOfRow, grouped, LOG_COLUMNS, type LogRow, namesIn, summed, toLogRow, tokensOf, toUsd } from './spend/rows.ts';
import { spendReport } from './spend/spend-report.ts';

type Routes = typeof SPEND_ROUTES;
type Logs = InputOf<Routes['spend.logs_v2']>;
type DayRow = Extract<OutputOf<Routes['spend.logs']>[number], { readonly users: unknown }>;

const BATCH = 1000;
/** As one list, in memory and unasked how many there are. */
const MOST_AT_ONCE = 10_000;

const OUTCOMES: Readonly<Record<string, readonly string[]>> = { success: ['ok', 'cache_hit'], failure: ['refused', 'error', 'aborted'] };

export const spendWork: Work<Routes> = {
  async 'spend.logs'(call, desk) {
    const { input } = call;
    const asked = logsAskedFor(call, desk);
    if (input.summarize) return days(desk, asked);
    if (input.format === 'csv') return csvReply(LOG_COLUMNS, everyLog(desk, asked));
    const { total } = await reportsOf(desk).calls({ ...asked, offset: 0, limit: 1 });
    if (total > MOST_AT_ONCE)
      throw new GatewayError(
        'invalid_request',
        `${total} calls are too many for one list: ask for fewer days, for pages of /spend/logs/v2, or with format=csv`,
        { param: 'start_date' },
      );
    return (await reportsOf(desk).calls({ ...asked, offset: 0, limit: MOST_AT_ONCE })).records.map(toLogRow);
  },

  async 'spend.logs_v2'(call, desk) {
    const { page, page_size: size, format } = call.input;
    const [number, length] = [page ?? 1, size ?? 50];
    const asked = logsAskedFor(call, desk);
    if (format === 'csv') return csvReply(LOG_COLUMNS, everyLog(desk, asked));
    const { records, total } = await reportsOf(desk).calls({ ...asked, offset: (number - 1) * length, limit: length });
    return { data: records.map(toLogRow), total, page: number, page_size: length, total_pages: Math.ceil(total / length) };
  },

  async 'spend.keys'(call, desk) {
    const { limit, format } = call.input;
    const rows = await reportsOf(desk).spendBy({ ...callsAskedFor(call, desk, call.input, 'ever'), by: ['key'] });
    const shown = rows.slice(0, limit ?? undefined).map((row) => {
      const body = call.find('key', row.key ?? '')?.body;
      return { token: String(row.key), ...namesIn(body, 'key_alias', 'key_name', 'user_id', 'team_id'), ...sumsOf(row, body) };
    });
    return format === 'csv'
      ? csvReply(['token', 'key_alias', 'key_name', 'user_id', 'team_id', 'max_budget', 'spend', 'requests', 'total_tokens'], shown)
      : shown;
  },

  async 'spend.users'(call, desk) {
    const { limit, format } = call.input;
    const rows = await reportsOf(desk).spendBy({ ...callsAskedFor(call, desk, call.input, 'ever'), by: ['user'] });
    const shown = rows.slice(0, limit ?? undefined).map((row) => {
      const body = call.find('user', row.user ?? '')?.body;
      return { user_id: String(row.user), ...namesIn(body, 'user_email', 'user_alias'), ...sumsOf(row, body) };
    });
    return format === 'csv' ? csvReply(['user_id', 'user_email', 'user_alias', 'max_budget', 'spend', 'requests', 'total_tokens'], shown) : shown;
  },

  async 'spend.tags'(call, desk) {
    const rows = await reportsOf(desk).spendBy({ ...callsAskedFor(call, desk, call.input, 'ever'), by: ['tag'] });
    const shown = rows.map((row) => ({ individual_request_tag: String(row.tag), log_count: row.calls, total_spend: toUsd(row.costNanoUsd) }));
    return call.input.format === 'csv' ? csvReply(['individual_request_tag', 'log_count', 'total_spend'], shown) : shown;
  },

  'spend.report': spendReport,

  'spend.calculate'({ input }, desk) {
    const { messages, completion_response: answer } = input;
    if (!answer && !messages) throw new GatewayError('invalid_request', 'messages or completion_response is missing', { param: 'messages' });
    const model = input.model ?? textOf(answer?.model);
    if (!model) throw new GatewayError('invalid_request', 'model is missing', { param: 'model' });
    const usage = answer ? readUsage(answer) : { inputTokens: estimateTokens({ model, messages } as ModelRequest), outputTokens: 0 };
    if (!usage) throw new GatewayError('invalid_request', 'completion_response has no usage', { param: 'completion_response.usage' });
    const costs = pricesOf(desk, model).map((price) => costOf(usage, price));
    return { cost: toUsd(Math.max(...costs)) };
  },

  async 'provider.budgets'(_, desk) {
    return { providers: await desk.providerBudgets() };
  },
};

function logsAskedFor(call: AdminCall<Logs | InputOf<Routes['spend.logs']>>, desk: Desk): CallFilter {
  const { request_id: id, status } = call.input;
  const more: CallMatch = { ...(id && { id: [id] }), ...(status && { status: OUTCOMES[status] ?? [status] }) };
  return callsAskedFor(call, desk, call.input, id ? 'ever' : 'month', more);
}

/** Read in batches, while they are taken. New calls come at the front, so that one may be told twice and none is left out. */
async function* everyLog(desk: Desk, asked: CallFilter): AsyncGenerator<LogRow> {
  for (let offset = 0; ; offset += BATCH) {
    const { records } = await reportsOf(desk).calls({ ...asked, offset, limit: BATCH });
    yield* records.map(toLogRow);
    if (records.length < BATCH) return;
  }
}

/** The sums of each day, by who spent and on what. */
async function days(desk: Desk, asked: CallFilter): Promise<readonly DayRow[]> {
  const { spendBy } = reportsOf(desk);
  const [models, users] = [await spendBy({ ...asked, by: ['day', 'model'] }), await spendBy({ ...asked, by: ['day', 'user'] })];
  const usersOf = grouped(users, 'day');
  return [...grouped(models, 'day')]
    .map(([startTime, rows]) => ({
      startTime,
      spend: toUsd(summed(rows, costOfRow)),
      users: Object.fromEntries((usersOf.get(startTime) ?? []).map((row) => [String(row.user), toUsd(row.costNanoUsd)])),
      models: Object.fromEntries(rows.map((row) => [String(row.model), toUsd(row.costNanoUsd)])),
    }))
    .sort((one, other) => (one.startTime < other.startTime ? -1 : 1));
}

/** Of all deployments that may answer to a name, or that call theirs so, as answers do. */
function pricesOf({ models }: Desk, model: string): readonly Price[] {
  const named = models.resolve(model)?.deployments ?? models.groups.flatMap(({ deployments }) => deployments).filter((one) => one.model === model);
  const deployments = named.filter(({ isBlocked }) => !isBlocked);
  if (deployments.length === 0) throw new GatewayError('model_not_found', `No model is named '${model}'`, { param: 'model' });
  const prices = deployments.flatMap(({ price }) => price ?? []);
  if (prices.length === 0) throw new GatewayError('invalid_request', `The price of '${model}' is not known`, { param: 'model' });
  return prices;
}

function sumsOf(row: SpendRow, body: JsonObject | undefined) {
  const { max_budget: budget } = body ?? {};
  return { spend: toUsd(row.costNanoUsd), requests: row.calls, total_tokens: tokensOf(row), ...(typeof budget === 'number' && { max_budget: budget }) };
}
