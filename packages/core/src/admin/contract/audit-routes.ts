import { described, fields, list, oneOf, only, optional, text, whole } from '../../requests/shape.ts';
import { type AdminRoutes, route } from '../admin-route.ts';
import { anId, anInstant, anObject, aText, id, unsortedPaging } from './field-shapes.ts';
import { ADMIN_VIEW } from './standings.ts';

/** An entry under LiteLLM's names. */
const entry = fields({
  id: described(text(), 'Its place in the trail.'),
  updated_at: text(),
  changed_by: text(),
  changed_by_api_key: text(),
  action: text(),
  table_name: text(),
  object_id: text(),
  before_value: anObject,
  updated_values: anObject,
  hash: described(text(), 'Covers the entry and the hash of the one before it.'),
});

const filters = {
  changed_by: anId,
  changed_by_api_key: anId,
  action: optional(oneOf('created', 'updated', 'deleted', 'blocked', 'unblocked', 'rotated', 'resealed')),
  table_name: described(aText, 'The kind of object: `key`, `user`, `team` and so on, or LiteLLM’s name of its table.'),
  object_id: anId,
  start_date: anInstant,
  end_date: anInstant,
};

export const AUDIT_ROUTES = {
  'audit.list': route({
    method: 'GET',
    path: '/audit',
    summary: 'Who changed what, newest first',
    who: ADMIN_VIEW,
    input: only({ ...filters, ...unsortedPaging }),
    output: fields({ audit_logs: list(entry), total: whole(0), page: whole(1), page_size: whole(1), total_pages: whole(0) }),
  }),
  'audit.export': route({
    method: 'GET',
    path: '/audit/export',
    summary: 'The same whole, as CSV or as a line of JSON for each',
    who: ADMIN_VIEW,
    input: only({ ...filters, format: optional(oneOf('csv', 'jsonl')) }),
    output: text(),
  }),
  'audit.info': route({ method: 'GET', path: '/audit/{id}', summary: 'Show an entry', who: ADMIN_VIEW, input: only({ id }), output: entry }),
} satisfies AdminRoutes;
