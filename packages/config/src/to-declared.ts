import { type DeclaredObject, declaredDirectory, type DirectoryStore, didYouMean, type JsonObject } from '@sluice/core';
import type { Findings } from './mistakes.ts';
import type { ConfigFile } from './schema/config-file.ts';

const LISTS = {
  teams: { kind: 'team', id: 'team_id' },
  users: { kind: 'user', id: 'user_id' },
  organizations: { kind: 'organization', id: 'organization_id' },
  customers: { kind: 'end_user', id: 'user_id' },
  budgets: { kind: 'budget', id: 'budget_id' },
  tags: { kind: 'tag', id: 'name' },
} as const satisfies Partial<Record<keyof ConfigFile, { readonly kind: DeclaredObject['kind']; readonly id: string }>>;

/** What the directory's own objects of a kind always have. */
const SEATS: Partial<Record<DeclaredObject['kind'], JsonObject>> = { team: { members_with_roles: [] }, organization: { members: [] } };

type ListName = keyof typeof LISTS;

/** Who there is by the file. */
export function toDeclared(file: ConfigFile, findings: Findings): DeclaredObject[] {
  const objects = (Object.keys(LISTS) as ListName[]).flatMap((list) => objectsOf(list, file, findings));
  for (const list of Object.keys(LISTS) as ListName[])
    for (const [index, { budget_id: budget }] of ((file[list] ?? []) as readonly { readonly budget_id?: string }[]).entries())
      if (list !== 'budgets' && budget !== undefined && !file.budgets?.some(({ budget_id }) => budget_id === budget) && !mayHaveMore(file))
        findings.mistake(
          [list, index, 'budget_id'],
          `no budget is named '${budget}'`,
          didYouMean(
            budget,
            (file.budgets ?? []).map(({ budget_id }) => budget_id),
          ),
        );
  return objects;
}

/** A database may hold what the file does not. */
function mayHaveMore({ database, general_settings: general }: ConfigFile): boolean {
  return (database ?? general?.database_url) !== undefined;
}

function objectsOf(list: ListName, file: ConfigFile, findings: Findings): DeclaredObject[] {
  const { kind, id: field } = LISTS[list];
  const seen = new Set<string>();
  return ((file[list] ?? []) as readonly JsonObject[]).map((entry, index) => {
    const { [field]: id, rate_limit: rate, ...rest } = entry;
    const body = { ...SEATS[kind], ...rest };
    if (seen.has(String(id))) findings.mistake([list, index, field], `'${String(id)}' is declared already`);
    seen.add(String(id));
    return { kind, id: String(id), body: { ...body, ...(rate !== undefined && body.rpm_limit === undefined && { rpm_limit: rate }) } };
  });
}

/** The directory of a file: what it declares, under what is written to its database. */
export function withDeclared(declared: readonly DeclaredObject[], directory: DirectoryStore | undefined): { readonly directory?: DirectoryStore } {
  if (declared.length === 0) return directory ? { directory } : {};
  return { directory: declaredDirectory(declared, directory) };
}
