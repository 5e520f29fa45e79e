import type { DeclaredObject, JsonObject } from '@sluice/core';

const LIMITS: readonly (readonly [field: string, words: (value: unknown) => string])[] = [
  ['rpm_limit', (value) => `${String(value)} calls a minute`],
  ['tpm_limit', (value) => `${String(value)} tokens a minute`],
  ['max_cost_per_minute', (value) => `$${String(value)} a minute`],
  ['max_parallel_requests', (value) => `${String(value)} calls at a time`],
];

/** What a file declares of somebody, in a line. */
export function describeDeclared({ kind, id, body }: DeclaredObject): string {
  const parts = [
    ...(kind === 'key' || Array.isArray(body.models) ? [listOf(body.models) ?? 'all models'] : []),
    ...(kind === 'access_group' ? [listOf(body.model_names) ?? ''] : []),
    ...LIMITS.flatMap(([field, words]) => (body[field] === undefined ? [] : [words(body[field])])),
    ...budgetWords(body),
    ...(body.budget_id === undefined ? [] : [`by the budget ${String(body.budget_id)}`]),
    ...(body.expires === undefined ? [] : [`until ${String(body.expires)}`]),
    ...(body.shadow === true ? ['told and not refused'] : []),
    ...(body.blocked === true ? ['blocked'] : []),
  ];
  return `${kind.replaceAll('_', ' ')} ${id}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

function budgetWords({ max_budget: most, soft_budget: soft, budget_duration: length, budget_alignment: alignment }: JsonObject): string[] {
  const window = length === undefined ? '' : ` in ${alignment === 'rolling' ? 'any ' : ''}${String(length)}`;
  return [...(most === undefined ? [] : [`$${String(most)}${window}`]), ...(soft === undefined ? [] : [`told at $${String(soft)}${window}`])];
}

function listOf(value: unknown): string | undefined {
  return Array.isArray(value) ? value.join(', ') : undefined;
}
