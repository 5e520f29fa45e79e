import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { readNetwork } from '../../hooks/gate.ts';
import { isRoute, ROUTE_BOOK } from '../../http/route-book.ts';
import type { GatewayOptions } from '../options.ts';

const FIELD_PATH = /^[^.\s]+(?:\.[^.\s]+)*$/;
const HEADER_NAME = /^[\w-]+$/;

/** What is wrong with the lists of addresses, routes, fields and headers that calls are let in by. */
export function entryProblems({ access = {} }: GatewayOptions): ConfigurationProblem[] {
  return [
    ...each('allowFrom', access.allowFrom, networkProblem),
    ...each('denyFrom', access.denyFrom, networkProblem),
    ...each('publicRoutes', access.publicRoutes, routeProblem),
    ...each('adminRoutes', access.adminRoutes, routeProblem),
    ...each('allowedRoutes', access.allowedRoutes, routeProblem),
    ...each('enforcedParams', access.enforcedParams, (path) =>
      FIELD_PATH.test(path) ? undefined : 'is no path of a field. Write it as user, or metadata.team_id.',
    ),
    ...each('endUserHeaders', access.endUserHeaders, (name) => (HEADER_NAME.test(name) ? undefined : 'is no name of a header.')),
  ];
}

function each(name: string, entries: unknown, problemOf: (entry: string) => string | undefined): ConfigurationProblem[] {
  if (entries === undefined) return [];
  if (!Array.isArray(entries)) return [{ place: `access.${name}`, message: 'is not a list' }];
  return entries.flatMap((entry: unknown, index) => {
    const problem = typeof entry === 'string' ? problemOf(entry) : 'is not a text.';
    return problem === undefined ? [] : [{ place: `access.${name}[${index}]`, message: `${JSON.stringify(entry)} ${problem}` }];
  });
}

function networkProblem(entry: string): string | undefined {
  return entry === '*' || readNetwork(entry) ? undefined : 'is no address or network, such as 10.0.0.0/8, ::1 or *.';
}

function routeProblem(entry: string): string | undefined {
  if (isRoute(entry)) return undefined;
  const suggestion = didYouMean(entry, ROUTE_BOOK.names);
  return `is no route of the gateway's.${suggestion === undefined ? '' : ` ${suggestion}`}`;
}
