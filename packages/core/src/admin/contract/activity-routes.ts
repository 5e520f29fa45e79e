import { fields, flag, list, only, record, text, whole } from '../../requests/shape.ts';
import { type AdminRoute, type AdminRoutes, route, type Standing } from '../admin-route.ts';
import { anId, anObject, texts, unsortedPaging } from './field-shapes.ts';
import { count, metrics, range, usd, which, whose } from './spend-fields.ts';
import { EVERY_PERSON, EVERYBODY } from './standings.ts';

const part = record(fields({ metrics, metadata: anObject }));
const answer = fields({
  results: list(fields({ date: text(), metrics, breakdown: fields({ models: part, providers: part, api_keys: part, entities: part }) })),
  metadata: fields({
    total_spend: usd,
    total_prompt_tokens: count,
    total_completion_tokens: count,
    total_cache_read_input_tokens: count,
    total_tokens: count,
    total_api_requests: count,
    total_successful_requests: count,
    total_failed_requests: count,
    page: whole(1),
    total_pages: count,
    has_more: flag(),
  }),
});
const filters = { ...range, api_key: whose.api_key, model: which.model, ...unsortedPaging };
const inputs = {
  user: only({ ...filters, user_id: anId }),
  team: only({ ...filters, team_ids: texts }),
  organization: only({ ...filters, organization_ids: texts }),
  customer: only({ ...filters, end_user_ids: texts }),
  tag: only({ ...filters, tags: texts }),
};

export type ActivityInput = {
  readonly start_date?: string | null;
  readonly end_date?: string | null;
  readonly api_key?: string | null;
  readonly model?: string | null;
  readonly page?: number | null;
  readonly page_size?: number | null;
};

function daily<Input>(of: string, who: readonly Standing[], input: AdminRoute<Input>['input'], also: readonly string[] = []) {
  return route({
    method: 'GET',
    path: `/${of}/daily/activity`,
    also,
    summary: `Calls, tokens and spend of each day, newest first, with what they were for: of ${of}s`,
    who,
    input,
    output: answer,
  });
}

export const ACTIVITY_ROUTES = {
  'user.daily_activity': daily('user', EVERY_PERSON, inputs.user),
  'team.daily_activity': daily('team', EVERY_PERSON, inputs.team),
  'organization.daily_activity': daily('organization', EVERY_PERSON, inputs.organization),
  'customer.daily_activity': daily('customer', EVERYBODY, inputs.customer, ['/end_user/daily/activity']),
  'tag.daily_activity': daily('tag', EVERYBODY, inputs.tag),
} satisfies AdminRoutes;
