import { type DeclaredObject, didYouMean, type JsonObject, keyName, RESERVED_KEY_IDS, secret } from '@sluice/core';
import type { Findings } from './mistakes.ts';
import type { ConfigFile } from './schema/config-file.ts';
import type { Path } from './yaml-source.ts';

/** Each list of a file by what is in it and the field that names it. */
export const DECLARED_LISTS = {
  keys: { kind: 'key', id: 'id' },
  teams: { kind: 'team', id: 'team_id' },
  users: { kind: 'user', id: 'user_id' },
  organizations: { kind: 'organization', id: 'organization_id' },
  projects: { kind: 'project', id: 'project_id' },
  customers: { kind: 'end_user', id: 'user_id' },
  budgets: { kind: 'budget', id: 'budget_id' },
  tags: { kind: 'tag', id: 'name' },
  access_groups: { kind: 'access_group', id: 'access_group' },
} as const satisfies Partial<Record<keyof ConfigFile, { readonly kind: DeclaredObject['kind']; readonly id: string }>>;

/** What the directory's own objects of a kind always have. */
const SEATS: Partial<Record<DeclaredObject['kind'], JsonObject>> = { team: { members_with_roles: [] }, organization: { members: [] } };
/** By which fields one object names others, and where those stand. */
const REFERENCES: Readonly<Record<string, ListName>> = {
  budget_id: 'budgets',
  team_id: 'teams',
  organization_id: 'organizations',
  project_id: 'projects',
  access_group_ids: 'access_groups',
};

type ListName = keyof typeof DECLARED_LISTS;
const LIST_NAMES = Object.keys(DECLARED_LISTS) as ListName[];

export type DeclaredSurroundings = {
  /** A database may hold what the file does not. */
  readonly hasDatabase: boolean;
  /** Names of the guardrails there are. */
  readonly guardrails: readonly string[];
};

/** Who there is by the file. */
export function toDeclared(file: ConfigFile, { hasDatabase, guardrails }: DeclaredSurroundings, findings: Findings): DeclaredObject[] {
  checkKeys(file, findings);
  for (const list of LIST_NAMES)
    for (const [index, entry] of entriesOf(list, file).entries()) {
      for (const [field, others] of Object.entries(REFERENCES))
        if (others !== list && !hasDatabase) checkReference({ file, list, index, field, others }, entry[field], findings);
      checkNames([list, index, 'guardrails'], 'guardrail', entry.guardrails, guardrails, findings);
    }
  return withSettings(
    LIST_NAMES.flatMap((list) => objectsOf(list, file, findings)),
    file,
    findings,
  );
}

function entriesOf(list: ListName, file: ConfigFile): readonly JsonObject[] {
  return (file[list] ?? []) as readonly JsonObject[];
}

function objectsOf(list: ListName, file: ConfigFile, findings: Findings): DeclaredObject[] {
  const { kind, id: field } = DECLARED_LISTS[list];
  const seen = new Set<string>();
  return entriesOf(list, file).map((entry, index) => {
    const { [field]: id, rate_limit: rate, key, ...rest } = entry;
    if (seen.has(String(id))) findings.mistake([list, index, field], `'${String(id)}' is declared already`);
    seen.add(String(id));
    const body = { ...SEATS[kind], ...rest, ...(rate !== undefined && rest.rpm_limit === undefined && { rpm_limit: rate }) };
    if (kind !== 'key') return { kind, id: String(id), body };
    return { kind, id: String(id), body: { ...body, key_name: keyName(String(key)) }, key: secret(String(key)) };
  });
}

/** With what LiteLLM's settings say of tags and of end users. */
function withSettings(objects: readonly DeclaredObject[], { litellm_settings: settings = {} }: ConfigFile, findings: Findings): DeclaredObject[] {
  const { tag_budget_config: tags = {}, blocked_user_list: blocked = [] } = settings;
  const isThere = (kind: DeclaredObject['kind'], id: string): boolean => objects.some((one) => one.kind === kind && one.id === id);
  const ofTags = Object.entries(tags).flatMap(([id, body]): DeclaredObject[] => {
    if (isThere('tag', id)) findings.mistake(['litellm_settings', 'tag_budget_config', id], `the tag '${id}' is declared in tags already`);
    return [{ kind: 'tag', id, body }];
  });
  const isBlocked = ({ kind, id }: DeclaredObject): boolean => kind === 'end_user' && blocked.includes(id);
  const ofUsers = blocked.filter((id) => !isThere('end_user', id)).map((id): DeclaredObject => ({ kind: 'end_user', id, body: { blocked: true } }));
  return [...objects.map((one) => (isBlocked(one) ? { ...one, body: { ...one.body, blocked: true } } : one)), ...ofTags, ...ofUsers];
}

/** What opens doors has to be one's own, and no name of the gateway's. */
function checkKeys({ keys = [], general_settings: { master_key: masterKey } = {} }: ConfigFile, findings: Findings): void {
  const seen = new Set(masterKey === undefined ? [] : [masterKey]);
  for (const [index, { id, key }] of keys.entries()) {
    if (Object.values<string>(RESERVED_KEY_IDS).includes(id)) findings.mistake(['keys', index, 'id'], `'${id}' is a name the gateway uses itself`);
    if (key.trim() === '') findings.mistake(['keys', index, 'key'], 'is empty; whoever sends none would have it');
    if (seen.has(key)) findings.mistake(['keys', index, 'key'], 'is the same as that of another key, or the master key');
    seen.add(key);
  }
}

type Reference = { readonly file: ConfigFile; readonly list: ListName; readonly index: number; readonly field: string; readonly others: ListName };

/** What is named has to be there; but of whom a file says nothing, only records tell. */
function checkReference({ file, list, index, field, others }: Reference, named: unknown, findings: Findings): void {
  if (file[others] === undefined && others !== 'budgets' && others !== 'access_groups') return;
  const { kind, id } = DECLARED_LISTS[others];
  const known = entriesOf(others, file).map((entry) => String(entry[id]));
  checkNames([list, index, field], kind.replaceAll('_', ' '), named, known, findings);
}

function checkNames(path: Path, what: string, named: unknown, known: readonly string[], findings: Findings): void {
  for (const name of [named].flat())
    if (typeof name === 'string' && !known.includes(name)) findings.mistake(path, `no ${what} is named '${name}'`, didYouMean(name, known));
}
