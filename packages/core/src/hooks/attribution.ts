import { GatewayError } from '../errors/gateway-error.ts';
import { type BudgetCalendar, toAllowance } from '../directory/to-allowance.ts';
import type { Directory } from '../directory/directory.ts';
import type { Context } from '../pipeline/context.ts';
import { isLocal } from '../pipeline/operations.ts';
import { namedTags } from '../requests/named-tags.ts';
import type { Account, Principal } from '../types/principal.ts';
import type { JsonObject } from '../types/json.ts';

export type AttributionOptions = {
  /** Knows end users and tags, and what each may use. */
  readonly directory?: Directory | undefined;
  readonly calendar?: BudgetCalendar | undefined;
  /** Further headers that name the end user, in lower case. */
  readonly endUserHeaders?: readonly string[] | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
};

const HEADERS = ['x-sluice-end-user-id', 'x-litellm-customer-id', 'x-litellm-end-user-id'] as const;
/** Names come from callers, and stand in counters, records and sums. */
const LONGEST_NAME = 256;
const MOST_TAGS = 50;

/**
 * Finds for whom a call is made besides its key: the caller's own customer, as headers or the request name it, and the
 * tags that its spend is summed up by. Whom the directory knows answers for the call as well, with an allowance of its own.
 */
export function attribution({ directory, calendar = {}, endUserHeaders = [], now = Date.now }: AttributionOptions = {}): (ctx: Context) => void {
  const headerNames = [...endUserHeaders.map((name) => name.toLowerCase()), ...HEADERS];

  return (ctx) => {
    if (ctx.principal && !isLocal(ctx.operation)) ctx.principal = attributed(ctx, ctx.principal);
  };

  function attributed(ctx: Context, principal: Principal): Principal {
    const endUserId = principal.endUserId ?? endUserOf(ctx);
    const tags = tagsOf(ctx, principal);
    if (endUserId === principal.endUserId && tags === principal.tags && !(directory && (endUserId !== undefined || tags))) return principal;
    const accounts = directory ? accountsOf(directory, principal, endUserId, tags ?? []) : principal.accounts;
    const region = endUserId === undefined ? undefined : directory?.get('end_user', endUserId)?.body.allowed_model_region;
    return {
      ...principal,
      ...(endUserId === undefined ? {} : { endUserId }),
      ...(tags && { tags }),
      ...(accounts && { accounts }),
      ...(typeof region === 'string' && { regions: [region] }),
    };
  }

  /** @throws GatewayError `end_user_blocked` */
  function accountsOf(from: Directory, principal: Principal, endUserId: string | undefined, tags: readonly string[]): readonly Account[] {
    const accounts = [...(principal.accounts ?? [])];
    const add = (kind: 'end_user' | 'tag', id: string): JsonObject | undefined => {
      const body = from.get(kind, id)?.body;
      if (body && !accounts.some((account) => account.kind === kind && account.id === id))
        accounts.push({ ...toAllowance(body, from, calendar, now()), kind, id });
      return body;
    };
    if (endUserId !== undefined && add('end_user', endUserId)?.blocked === true)
      throw new GatewayError('end_user_blocked', `The end user '${endUserId}' is blocked`);
    for (const tag of tags) add('tag', tag);
    return accounts;
  }

  function endUserOf({ source, request }: Context): string | undefined {
    for (const name of headerNames) {
      const value = source.headers?.[name];
      if (typeof value === 'string' && value !== '') return fitting(value, `the header ${name}`);
    }
    const { user, metadata, safety_identifier: safety } = request;
    const named = [user, (metadata as { readonly user_id?: unknown } | null | undefined)?.user_id, safety];
    const found = named.find((value) => typeof value === 'string' && value !== '');
    return found === undefined ? undefined : fitting(found as string, 'user');
  }
}

function tagsOf({ request, source }: Context, { tags }: Principal): readonly string[] | undefined {
  const named = namedTags(request, source.headers);
  if (named.length === 0) return tags;
  const all = [...new Set([...(tags ?? []), ...named])];
  if (all.length > MOST_TAGS) throw new GatewayError('invalid_request', `A call may have ${MOST_TAGS} tags, not ${all.length}.`, { param: 'tags' });
  for (const tag of named) fitting(tag, 'tags');
  return all;
}

function fitting(name: string, param: string): string {
  if (name.length <= LONGEST_NAME) return name;
  throw new GatewayError('invalid_request', `${param} has to name something in ${LONGEST_NAME} characters or fewer.`, { param });
}
