import { described, either, fields, list, oneOf, only, optional, record, text, whole } from '../../requests/shape.ts';
import { type AdminRoutes, route } from '../admin-route.ts';
import { aFlag, anId, anObject, aText, format, id, unsortedPaging } from './field-shapes.ts';
import { aMost, aUsd, count, logRow, range, usd, which, whose } from './spend-fields.ts';
import { ADMIN_VIEW, EVERYBODY } from './standings.ts';

const day = fields({ startTime: text(), spend: usd, users: record(usd), models: record(usd) });
const logFilters = {
  ...range,
  ...whose,
  ...which,
  request_id: anId,
  status: optional(oneOf('success', 'failure', 'ok', 'cache_hit', 'refused', 'error', 'aborted')),
};
const reported = fields({
  id: text(),
  total_spend: usd,
  budget_limit: described(aUsd, 'In dollars; absent where there is none.'),
  budget_spend: described(aUsd, 'What was spent since the budget began.'),
  budget_reset_at: aText,
  requests: count,
  prompt_tokens: count,
  completion_tokens: count,
});
const spender = { spend: usd, requests: count, total_tokens: count, max_budget: aUsd };

export const SPEND_ROUTES = {
  'spend.logs': route({
    method: 'GET',
    path: '/spend/logs',
    summary: 'Calls and what each has cost, newest first; with `summarize` the sums of each day',
    who: EVERYBODY,
    input: only({ ...logFilters, summarize: aFlag, ...format }),
    output: list(either(logRow, day)),
  }),
  'spend.logs_v2': route({
    method: 'GET',
    path: '/spend/logs/v2',
    also: ['/spend/logs/ui'],
    summary: 'The same by pages',
    who: EVERYBODY,
    input: only({ ...logFilters, ...unsortedPaging, ...format }),
    output: fields({ data: list(logRow), total: count, page: whole(1), page_size: whole(1), total_pages: count }),
  }),
  'spend.keys': route({
    method: 'GET',
    path: '/spend/keys',
    summary: 'What each key has spent, since ever unless told',
    who: EVERYBODY,
    input: only({ ...range, ...aMost, ...format }),
    output: list(fields({ token: text(), key_alias: aText, key_name: aText, user_id: aText, team_id: aText, ...spender })),
  }),
  'spend.users': route({
    method: 'GET',
    path: '/spend/users',
    summary: 'What each user has spent, since ever unless told',
    who: EVERYBODY,
    input: only({ user_id: anId, ...range, ...aMost, ...format }),
    output: list(fields({ user_id: text(), user_email: aText, user_alias: aText, ...spender })),
  }),
  'spend.tags': route({
    method: 'GET',
    path: '/spend/tags',
    summary: 'What calls with each tag have cost, since ever unless told',
    who: EVERYBODY,
    input: only({ ...range, ...format }),
    output: list(fields({ individual_request_tag: text(), log_count: count, total_spend: usd })),
  }),
  'spend.report': route({
    method: 'GET',
    path: '/spend/report',
    summary: 'What was spent in a range of time, with the budgets of those who spent it',
    who: EVERYBODY,
    input: only({ ...range, ...whose, ...which, group_by: optional(oneOf('team', 'user', 'key', 'model', 'tag', 'customer')), ...format }),
    output: fields({
      teams: optional(list(reported)),
      users: optional(list(reported)),
      keys: optional(list(reported)),
      models: optional(list(reported)),
      tags: optional(list(reported)),
      customers: optional(list(reported)),
      total_spend: usd,
    }),
  }),
  'spend.calculate': route({
    method: 'POST',
    path: '/spend/calculate',
    summary: 'What a request’s input, or a whole answer, costs',
    who: EVERYBODY,
    input: only({
      model: optional(id),
      messages: optional(list(fields())),
      completion_response: described(anObject, 'An answer with `model` and `usage`.'),
    }),
    output: fields({ cost: usd }),
  }),
  'provider.budgets': route({
    method: 'GET',
    path: '/provider/budgets',
    summary: 'What may be spent at each provider, and was',
    who: ADMIN_VIEW,
    input: only({}),
    output: fields({ providers: record(fields({ budget_limit: aUsd, time_period: aText, spend: usd, budget_reset_at: aText })) }),
  }),
} satisfies AdminRoutes;
