/** Paths of claims, such as `sub` or `resource_access.gateway.roles`. A name with dots in it is found too. */
export type ClaimPaths = {
  readonly user?: string;
  readonly email?: string;
  readonly team?: string;
  /** A list of teams. */
  readonly teams?: string;
  readonly organization?: string;
  readonly endUser?: string;
  readonly roles?: string;
  /** A list, or a text with spaces in between. */
  readonly scopes?: string;
};

type Claims = Readonly<Record<string, unknown>>;

/** The value at a path, of what is in the claims themselves. */
export function claimAt(claims: Claims, path: string | undefined): unknown {
  if (path === undefined) return undefined;
  if (Object.hasOwn(claims, path)) return claims[path];
  // Claims such as `https://example.com/team` have dots in their names.
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    const inner = Object.hasOwn(claims, head) ? claims[head] : undefined;
    if (isObject(inner)) return claimAt(inner, path.slice(dot + 1));
  }
  return undefined;
}

/** A name. Numbers are taken as they are written; what is empty is not there. */
export function nameAt(claims: Claims, path: string | undefined): string | undefined {
  return toName(claimAt(claims, path));
}

/** A list of names, or one. */
export function namesAt(claims: Claims, path: string | undefined): readonly string[] {
  const value = claimAt(claims, path);
  return [...new Set((Array.isArray(value) ? value : [value]).map(toName).filter((name) => name !== undefined))];
}

/** Words: a list, or a text with spaces in between, as `scope` is. */
export function wordsAt(claims: Claims, path: string | undefined): readonly string[] {
  return namesAt(claims, path).flatMap((text) => text.split(/\s+/).filter((word) => word !== ''));
}

function toName(value: unknown): string | undefined {
  const name = typeof value === 'number' ? String(value) : value;
  return typeof name === 'string' && name.trim() !== '' ? name : undefined;
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
