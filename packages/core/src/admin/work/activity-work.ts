import type { CallField, SpendRow } from '../../types/spend.ts';
import type { AdminCall } from '../admin-call.ts';
import type { OutputOf } from '../admin-route.ts';
import type { ACTIVITY_ROUTES, ActivityInput } from '../contract/activity-routes.ts';
import type { Desk, Work } from '../desk.ts';
import { callsAskedFor, reached } from './spend/calls-asked-for.ts';
import { reportsOf } from './spend/reports-of.ts';
import { costOfRow, grouped, namesIn, summed, toUsd } from './spend/rows.ts';

type Activity = OutputOf<(typeof ACTIVITY_ROUTES)['user.daily_activity']>;
type Day = Activity['results'][number];
type Breakdown = Day['breakdown']['models'];
type Entity = Extract<CallField, 'user' | 'team' | 'organization' | 'end_user' | 'tag'>;

export const activityWork: Work<typeof ACTIVITY_ROUTES> = {
  'user.daily_activity': (call, desk) => activity(call, desk, 'user', call.input.user_id ? [reached(call, 'user', call.input.user_id, 'user_id')] : undefined),
  'team.daily_activity': (call, desk) =>
    activity(
      call,
      desk,
      'team',
      call.input.team_ids?.map((id) => reached(call, 'team', id, 'team_ids')),
    ),
  'organization.daily_activity': (call, desk) =>
    activity(
      call,
      desk,
      'organization',
      call.input.organization_ids?.map((id) => reached(call, 'organization', id, 'organization_ids')),
    ),
  'customer.daily_activity': (call, desk) => activity(call, desk, 'end_user', call.input.end_user_ids ?? undefined),
  'tag.daily_activity': (call, desk) => activity(call, desk, 'tag', call.input.tags ?? undefined),
};

/** The days that there were calls in, newest first, a page of them. */
async function activity(call: AdminCall<ActivityInput>, desk: Desk, entity: Entity, ids: readonly string[] | undefined): Promise<Activity> {
  const { page, page_size: size, api_key, model, start_date, end_date } = call.input;
  const asked = callsAskedFor(
    call,
    desk,
    { api_key: api_key ?? null, model: model ?? null, start_date: start_date ?? null, end_date: end_date ?? null },
    'month',
    ids && { [entity]: ids },
  );
  const { spendBy } = reportsOf(desk);
  const rows = await spendBy({ ...asked, by: ['day', entity, 'model', 'provider'] });
  const keys = grouped(await spendBy({ ...asked, by: ['day', entity, 'key'] }), 'day');
  const days = [...grouped(rows, 'day')].sort(([one], [other]) => (one < other ? 1 : -1));
  const [number, length] = [page ?? 1, size ?? 50];
  const shown = days.slice((number - 1) * length, number * length);
  const pages = Math.ceil(days.length / length);
  return {
    results: shown.map(([date, ofDay]) => toDay(call, entity, { date, rows: ofDay, keyRows: keys.get(date) ?? [] })),
    metadata: { ...prefixed(metricsOf(rows)), page: number, total_pages: pages, has_more: number < pages },
  };
}

type OfDay = { readonly date: string; readonly rows: readonly SpendRow[]; readonly keyRows: readonly SpendRow[] };

function toDay(call: AdminCall<unknown>, entity: Entity, { date, rows, keyRows }: OfDay): Day {
  return {
    date,
    metrics: metricsOf(rows),
    breakdown: {
      models: partsOf(rows, 'model', () => ({})),
      providers: partsOf(rows, 'provider', () => ({})),
      api_keys: partsOf(keyRows, 'key', (id) => namesIn(call.find('key', id)?.body, 'key_alias', 'team_id')),
      entities: partsOf(rows, entity, (id) => (entity === 'team' ? namesIn(call.find('team', id)?.body, 'team_alias') : {})),
    },
  };
}

function partsOf(rows: readonly SpendRow[], part: keyof SpendRow, metadata: (id: string) => object): Breakdown {
  return Object.fromEntries([...grouped(rows, part)].map(([id, ofPart]) => [id, { metrics: metricsOf(ofPart), metadata: { ...metadata(id) } }]));
}

function metricsOf(rows: readonly SpendRow[]): Day['metrics'] {
  const input = summed(rows, ({ inputTokens }) => inputTokens);
  const output = summed(rows, ({ outputTokens }) => outputTokens);
  const calls = summed(rows, (row) => row.calls);
  const failures = summed(rows, (row) => row.failures);
  return {
    spend: toUsd(summed(rows, costOfRow)),
    prompt_tokens: input,
    completion_tokens: output,
    cache_read_input_tokens: summed(rows, ({ cachedInputTokens }) => cachedInputTokens),
    total_tokens: input + output,
    api_requests: calls,
    successful_requests: calls - failures,
    failed_requests: failures,
  };
}

type Prefixed<T> = { readonly [Name in keyof T & string as `total_${Name}`]: T[Name] };

function prefixed(metrics: Day['metrics']): Omit<Prefixed<Day['metrics']>, 'total_total_tokens'> & { readonly total_tokens: number } {
  const { total_tokens, ...rest } = metrics;
  return { ...(Object.fromEntries(Object.entries(rest).map(([name, value]) => [`total_${name}`, value])) as Prefixed<typeof rest>), total_tokens };
}
