import { toOperation } from '../admin/admin-route.ts';
import { ADMIN_ROUTES } from '../admin/contract.ts';
import type { RouteBook } from '../admin/desk.ts';
import { isLocal } from '../pipeline/operations.ts';
import { matchesWildcard } from '../models/wildcard.ts';
import { ROUTES } from './routes.ts';

type Line = { readonly path: string; readonly operation: string; readonly method: string };

const MODEL_LINES: readonly Line[] = ROUTES.filter(({ operation }) => !isLocal(operation) || operation.startsWith('models.'));
const ADMIN_LINES: readonly Line[] = Object.entries(ADMIN_ROUTES).flatMap(([name, { path, also = [], method }]) =>
  [path, ...also].map((each) => ({ path: each, operation: toOperation(name), method })),
);
const LINES: readonly Line[] = [...ROUTES, ...ADMIN_LINES];

/** Groups of routes, by the names LiteLLM gave them. */
const GROUPS: Readonly<Record<string, readonly Line[]>> = {
  llm_api_routes: MODEL_LINES,
  openai_routes: MODEL_LINES,
  info_routes: [...ROUTES.filter(({ operation }) => operation.startsWith('models.')), ...ADMIN_LINES.filter(({ method }) => method === 'GET')],
  management_routes: ADMIN_LINES,
  key_management_routes: ADMIN_LINES.filter(({ operation }) => operation.startsWith('admin.key.')),
  public_routes: [],
};

function operationsOf(entry: string): readonly string[] {
  const local = entry.startsWith('/v1/') ? entry.slice(3) : entry;
  const lines =
    GROUPS[entry] ?? LINES.filter(({ path }) => path === local || path.startsWith(local.endsWith('/') ? local : `${local}/`) || matchesWildcard(local, path));
  return lines.map(({ operation }) => operation);
}

/** Whether a path or the name of a group stands for any route that there is. */
export function isRoute(entry: string): boolean {
  return operationsOf(entry).length > 0;
}

export const ROUTE_BOOK: RouteBook = { operationsOf, names: [...Object.keys(GROUPS), ...LINES.map(({ path }) => path)] };

const known = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Whether a list of routes admits an operation. */
export function admits(routes: readonly string[], operation: string): boolean {
  let operations = known.get(routes);
  if (!operations) known.set(routes, (operations = new Set(routes.flatMap(operationsOf))));
  return operations.has(operation);
}
