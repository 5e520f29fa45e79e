import { described, either, fields, list, oneOf, only, optional, record, text } from '../../requests/shape.ts';
import { type AdminRoutes, route } from '../admin-route.ts';
import { anId, aText, format } from './field-shapes.ts';
import { aMost, count, range, usd, whose } from './spend-fields.ts';
import { ADMIN, ADMIN_VIEW, EVERYBODY } from './standings.ts';

const detail = fields({ model: text(), spend: usd, total_tokens: count, api_key: text() });
const inDay = { group_by_day: text() };
const spentInDay = { total_spend: usd, metadata: list(detail) };
const ofKey = fields({
  api_key: text(),
  total_cost: usd,
  total_input_tokens: count,
  total_output_tokens: count,
  model_details: list(fields({ model: text(), total_cost: usd, total_input_tokens: count, total_output_tokens: count })),
});
const activityDay = fields({ date: text(), api_requests: count, total_tokens: count });
const activity = { daily_data: list(activityDay), sum_api_requests: count, sum_total_tokens: count };
const exceptions = { num_exceptions: count, num_rate_limit_exceptions: count };

export const GLOBAL_SPEND_ROUTES = {
  'global.spend': route({
    method: 'GET',
    path: '/global/spend',
    summary: 'What everything has cost, since ever unless told',
    who: ADMIN_VIEW,
    input: only({ ...range }),
    output: fields({ spend: usd }),
  }),
  'global.logs': route({
    method: 'GET',
    path: '/global/spend/logs',
    summary: 'What each day has cost',
    who: ADMIN_VIEW,
    input: only({ api_key: anId, ...range }),
    output: list(fields({ date: text(), spend: usd })),
  }),
  'global.keys': route({
    method: 'GET',
    path: '/global/spend/keys',
    summary: 'The keys that spent most',
    who: ADMIN_VIEW,
    input: only({ ...range, ...aMost }),
    output: list(fields({ api_key: text(), key_alias: aText, key_name: aText, total_spend: usd })),
  }),
  'global.teams': route({
    method: 'GET',
    path: '/global/spend/teams',
    summary: 'What each team has spent, whole and day by day',
    who: ADMIN_VIEW,
    input: only({ ...range }),
    output: fields({
      daily_spend: list(fields({ date: text() })),
      teams: list(text()),
      total_spend_per_team: list(fields({ team_id: text(), team_alias: aText, total_spend: usd })),
    }),
  }),
  'global.models': route({
    method: 'GET',
    path: '/global/spend/models',
    summary: 'The models that cost most',
    who: ADMIN_VIEW,
    input: only({ ...range, ...aMost }),
    output: list(fields({ model: text(), total_spend: usd })),
  }),
  'global.provider': route({
    method: 'GET',
    path: '/global/spend/provider',
    summary: 'What was spent at each provider',
    who: ADMIN_VIEW,
    input: only({ ...range }),
    output: list(fields({ provider: text(), spend: usd })),
  }),
  'global.tags': route({
    method: 'GET',
    path: '/global/spend/tags',
    summary: 'What calls with each tag have cost',
    who: ADMIN_VIEW,
    input: only({ ...range, tags: described(aText, 'Only these, divided by commas.') }),
    output: fields({ spend_per_tag: list(fields({ name: text(), spend: usd, log_count: count })) }),
  }),
  'global.tag_names': route({
    method: 'GET',
    path: '/global/spend/all_tag_names',
    summary: 'The tags that calls have had',
    who: ADMIN_VIEW,
    input: only({}),
    output: fields({ tag_names: list(text()) }),
  }),
  'global.end_users': route({
    method: 'POST',
    path: '/global/spend/end_users',
    summary: 'What each end user has cost',
    who: ADMIN_VIEW,
    input: only({ api_key: anId, startTime: range.start_date, endTime: range.end_date }),
    output: list(fields({ end_user: text(), total_count: count, total_spend: usd })),
  }),
  'global.report': route({
    method: 'GET',
    path: '/global/spend/report',
    summary: 'What was spent each day by teams or customers, model by model; or by each key',
    who: EVERYBODY,
    input: only({
      ...range,
      group_by: optional(oneOf('team', 'customer', 'api_key')),
      ...whose,
      internal_user_id: anId,
      customer_id: anId,
      ...format,
    }),
    output: list(
      either(
        fields({ ...inDay, teams: list(fields({ team_name: text(), team_id: text(), ...spentInDay })) }),
        fields({ ...inDay, customers: list(fields({ customer: text(), ...spentInDay })) }),
        ofKey,
      ),
    ),
  }),
  'global.reset': route({
    method: 'POST',
    path: '/global/spend/reset',
    summary: 'Refused: what was spent stays spent',
    who: ADMIN,
    input: only({}),
    output: fields({}),
  }),
  'global.activity': route({
    method: 'GET',
    path: '/global/activity',
    summary: 'Calls and tokens of each day',
    who: ADMIN_VIEW,
    input: only({ ...range }),
    output: fields(activity),
  }),
  'global.activity_model': route({
    method: 'GET',
    path: '/global/activity/model',
    summary: 'The same of each model',
    who: ADMIN_VIEW,
    input: only({ ...range }),
    output: list(fields({ model: text(), ...activity })),
  }),
  'global.activity_exceptions': route({
    method: 'GET',
    path: '/global/activity/exceptions',
    summary: 'Calls of each day that failed or were refused, by their codes',
    who: ADMIN_VIEW,
    input: only({ ...range, model_group: anId }),
    output: fields({
      daily_data: list(fields({ date: text(), ...exceptions, codes: record(count) })),
      sum_num_exceptions: count,
      sum_num_rate_limit_exceptions: count,
    }),
  }),
} satisfies AdminRoutes;
