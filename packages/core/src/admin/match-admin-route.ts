import type { AdminRoute } from './admin-route.ts';
import { ADMIN_ROUTES, type AdminRouteName } from './contract.ts';

export type AdminMatch =
  | { readonly kind: 'admin'; readonly name: AdminRouteName; readonly route: AdminRoute; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-method'; readonly allowed: readonly string[] };

type Entry = { readonly name: AdminRouteName; readonly route: AdminRoute; readonly segments: readonly string[] };

/** By the first segment, so that a path of nobody's costs one look-up. */
const FAMILIES = new Map<string, Entry[]>();
for (const [name, route] of Object.entries(ADMIN_ROUTES) as [AdminRouteName, AdminRoute][]) {
  for (const path of [route.path, ...(route.also ?? [])]) {
    const [first = '', ...segments] = path.slice(1).split('/');
    FAMILIES.set(first, [...(FAMILIES.get(first) ?? []), { name, route, segments }]);
  }
}
// A path that is written out goes before one with a place for a name.
for (const entries of FAMILIES.values()) entries.sort((one, other) => countParams(one) - countParams(other));

/** The management route meant by a path below the mount, or nothing when the path is not ours. */
export function matchAdminRoute(method: string, path: string): AdminMatch | undefined {
  const start = path.startsWith('/v1/') ? 4 : 1;
  const end = path.indexOf('/', start);
  const family = FAMILIES.get(end < 0 ? path.slice(start) : path.slice(start, end));
  if (!family) return undefined;
  const segments = end < 0 ? [] : path.slice(end + 1).split('/');
  if (segments.at(-1) === '') segments.pop();

  const allowed: string[] = [];
  for (const { name, route, segments: pattern } of family) {
    const params = paramsOf(pattern, segments);
    if (!params) continue;
    if (route.method === method) return { kind: 'admin', name, route, params };
    allowed.push(route.method);
  }
  return allowed.length > 0 ? { kind: 'wrong-method', allowed: [...new Set(allowed)] } : undefined;
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: [string, string][] = [];
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] as string;
    if (!part.startsWith('{')) {
      if (part !== segment) return undefined;
      continue;
    }
    const value = decode(segment);
    if (value === undefined || value === '') return undefined;
    params.push([part.slice(1, -1), value]);
  }
  return Object.fromEntries(params);
}

function countParams({ segments }: Entry): number {
  return segments.filter((segment) => segment.startsWith('{')).length;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
