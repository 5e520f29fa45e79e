import { matchAdminRoute } from '../../admin/match-admin-route.ts';
import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import { matchRoute, OPEN_ROUTES } from '../../http/routes.ts';
import type { IdentityInput, IdentityRoute, SessionCookie } from '../../identities/identity.ts';
import { notAFunction, numberProblems } from './value-problems.ts';

/** What keeps identities from letting anybody in, or has them stand in each other's way. */
export function identityProblems(identities: readonly IdentityInput[]): ConfigurationProblem[] {
  const [routes, cookies] = [new Set<string>(), new Set<string>()];
  return identities.flatMap((identity, index) => {
    if (typeof identity === 'function') return [];
    const place = `identities[${index}]`;
    const { name, identify, timeoutMs, cookie, routes: own = [] } = identity ?? {};
    return [
      ...(typeof name === 'string' && name !== '' ? [] : [{ place: `${place}.name`, message: 'has to be a text' }]),
      ...notAFunction(`${place}.identify`, identify),
      ...numberProblems(place, { timeoutMs }, { atLeast: 1 }),
      ...(cookie ? cookieProblems(cookie, `${place}.cookie`, cookies) : []),
      ...own.flatMap((route, at) => routeProblems(route, `${place}.routes[${at}]`, routes)),
    ];
  });
}

function cookieProblems({ name, origin }: SessionCookie, place: string, taken: Set<string>): ConfigurationProblem[] {
  const isFree = !taken.has(name);
  taken.add(name);
  return [
    ...(/^[\w!#$%&'*+.^`|~-]+$/.test(name) ? [] : [{ place: `${place}.name`, message: 'has to be the name of a cookie' }]),
    ...(isFree ? [] : [{ place: `${place}.name`, message: `'${name}' is the cookie of another identity` }]),
    ...(URL.canParse(origin) && new URL(origin).origin === origin
      ? []
      : [{ place: `${place}.origin`, message: "has to be an origin without a path, such as 'https://ai.example.com'" }]),
  ];
}

function routeProblems({ method, path, answer }: IdentityRoute, place: string, taken: Set<string>): ConfigurationProblem[] {
  const said = `${method} ${path}`;
  const isFree = !taken.has(said);
  taken.add(said);
  const isOurs = (matchRoute(method, path) ?? matchAdminRoute(method, path)) !== undefined || OPEN_ROUTES.some((route) => route.path === path);
  return [
    ...(['GET', 'POST'].includes(method) ? [] : [{ place: `${place}.method`, message: 'has to be GET or POST' }]),
    ...(/^(?:\/[\w.~-]+)+$/.test(path) ? [] : [{ place: `${place}.path`, message: "has to be a path such as '/sso/login'" }]),
    ...(isOurs ? [{ place: `${place}.path`, message: `'${path}' is a route of the gateway's own` }] : []),
    ...(isFree ? [] : [{ place: `${place}.path`, message: `'${said}' is a page of another identity: give one of them another path` }]),
    ...notAFunction(`${place}.answer`, answer),
  ];
}
