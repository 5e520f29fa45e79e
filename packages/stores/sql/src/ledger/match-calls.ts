import type { CallField, CallFilter, CallMatch } from '@sluice/core';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { DatabaseKind } from '../migrations/migration.ts';

const COLUMNS = {
  id: 'id',
  key: 'key_id',
  user: 'user_id',
  team: 'team_id',
  organization: 'organization_id',
  project: 'project_id',
  end_user: 'end_user_id',
  model: 'model_group',
  provider: 'provider',
  status: 'status',
  code: 'code',
} as const;

/** What a call has in a field; a tag only within {@link tagsOf}. */
export function fieldOf(field: CallField): RawBuilder<string | null> {
  if (field === 'tag') return sql`tag.value`;
  const column = sql.ref(`calls.${COLUMNS[field]}`);
  return field === 'model' || field === 'provider' ? sql`coalesce(${column}, '')` : sql`${column}`;
}

/** The tags of a call, a row each, as `tag.value`. */
export function tagsOf(kind: DatabaseKind): RawBuilder<unknown> {
  return kind === 'postgres' ? sql`jsonb_array_elements_text(calls.tags::jsonb) as tag(value)` : sql`json_each(calls.tags) as tag`;
}

export function fits({ from, to, where = {}, within }: CallFilter, kind: DatabaseKind): RawBuilder<SqlBool> {
  const range = sql<SqlBool>`calls.at >= ${from} and calls.at < ${to} and ${matches(where, kind)}`;
  if (!within) return range;
  const scopes = within.map((each) => matches(each, kind));
  return sql`${range} and (${scopes.length > 0 ? sql.join(scopes, sql` or `) : sql`1 = 0`})`;
}

function matches(match: CallMatch, kind: DatabaseKind): RawBuilder<SqlBool> {
  const parts = Object.entries(match).map(([name, values]) => {
    if (values.length === 0) return sql<SqlBool>`1 = 0`;
    const isOne = sql<SqlBool>`${fieldOf(name as CallField)} in (${sql.join([...values])})`;
    return name === 'tag' ? sql<SqlBool>`exists (select 1 from ${tagsOf(kind)} where ${isOne})` : isOne;
  });
  return parts.length > 0 ? sql`(${sql.join(parts, sql` and `)})` : sql`1 = 1`;
}
