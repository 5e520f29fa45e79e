import { described, fields, list, number, oneOf, optional, ruled, text, whole } from '../../requests/shape.ts';
import { readMoment } from '../read-moment.ts';
import { anId, aText } from './field-shapes.ts';

const moment = ruled(text(), (value) =>
  readMoment(value) === undefined ? "a day such as '2026-01-31', or a time of one such as '2026-01-31T12:00:00Z'" : undefined,
);

export const range = {
  start_date: described(optional(moment), 'A day in UTC, or a time. Absent: thirty days, or as the route says.'),
  end_date: described(optional(moment), 'The last day, or the last moment, that counts. Absent: today.'),
};

/** Whose calls; what is not within reach is as good as absent. */
export const whose = {
  api_key: described(anId, 'A key, or its id.'),
  user_id: anId,
  team_id: anId,
  organization_id: anId,
};
export const which = { end_user: anId, tag: anId, model: anId, provider: anId };

export const aMost = { limit: optional(ruled(whole(1), (value) => (value > 1000 ? 'at most 1000' : undefined))) };

export const usd = described(number(0), 'In dollars.');
export const count = whole(0);
export const aUsd = optional(usd);

const sums = { spend: usd, prompt_tokens: count, completion_tokens: count, cache_read_input_tokens: count, total_tokens: count };
const requests = { api_requests: count, successful_requests: count, failed_requests: count };
export const metrics = fields({ ...sums, ...requests });

/** A call under LiteLLM's names. */
export const logRow = fields({
  request_id: text(),
  call_type: text(),
  api_key: aText,
  user: aText,
  team_id: aText,
  organization_id: aText,
  end_user: aText,
  model: text(),
  model_group: aText,
  model_id: aText,
  custom_llm_provider: aText,
  spend: described(aUsd, 'In dollars; null where nobody knows.'),
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  startTime: text(),
  endTime: text(),
  request_duration_ms: number(0),
  request_tags: list(text()),
  cache_hit: text(),
  status: oneOf('success', 'failure'),
  outcome: described(text(), 'As the call record has it.'),
  error_code: aText,
});
