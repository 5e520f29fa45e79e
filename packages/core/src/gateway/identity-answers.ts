import type { Directory } from '../directory/directory.ts';
import { signIn as findOrMake } from '../directory/sign-in.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { addressCheck } from '../hooks/gate.ts';
import { errorReply } from '../http/error-reply.ts';
import type { HttpHandler, HttpReply, HttpRequest } from '../http/http-types.ts';
import { isHosts, wrongMethod } from '../http/http-handler.ts';
import { isOwnPage } from '../http/own-page.ts';
import { foreign } from '../http/read-shown.ts';
import type { Identity, IdentityRoute, Visit } from '../identities/identity.ts';
import { namedIdentity } from '../identities/named-identity.ts';
import { withoutSecrets } from '../identities/without-secrets.ts';
import type { Store } from '../store/store.ts';
import type { Identified, Person } from '../types/identity.ts';
import type { GatewayOptions } from './options.ts';

export type IdentityAnswersOptions = Pick<GatewayOptions, 'identities' | 'access'> & {
  readonly store: Store;
  readonly directory: Directory | undefined;
  readonly isClosing: () => boolean;
  readonly onError: (error: unknown) => void;
};

type Page = { readonly identity: Identity; readonly route: IdentityRoute };

/** The pages of the gateway's identities, such as their logins. What has a code in the address bar is kept nowhere and told nobody. */
export function identityAnswers({ identities = [], access = {}, store, directory, isClosing, onError }: IdentityAnswersOptions): HttpHandler {
  const pages = new Map<string, Page[]>();
  const logins = identities.map(namedIdentity).filter(({ routes = [] }) => routes.length > 0);
  const toldAt = new Map<string, number>();
  for (const identity of logins) for (const route of identity.routes ?? []) pages.set(route.path, [...(pages.get(route.path) ?? []), { identity, route }]);
  const checkAddress = addressCheck(access);

  return (request) => {
    const found = pages.get(request.path);
    if (!found || isHosts(request.method)) return undefined;
    const page = found.find(({ route }) => route.method === request.method);
    if (page) return answer(page, request);
    const allowed = found.map(({ route }) => route.method);
    return Promise.resolve(wrongMethod(request, allowed));
  };

  async function answer({ identity, route }: Page, request: HttpRequest): Promise<HttpReply> {
    try {
      if (isClosing()) throw new GatewayError('shutting_down', 'The gateway is closing');
      checkAddress(request.clientAddress);
      if (route.method === 'POST' && identity.cookie && !isOwnPage(request, identity.cookie.origin)) throw foreign(request);
      const { status, headers, body } = await route.answer(visitOf(request));
      return { status, headers: [...Object.entries(headers).flat(), ...KEPT_BY_NOBODY, 'content-length', String(Buffer.byteLength(body))], body };
    } catch (error) {
      return errorReply(toRefusal(error, identity, request), [...KEPT_BY_NOBODY]);
    }
  }

  function visitOf({ query, headers, clientAddress, controller }: HttpRequest): Visit {
    return {
      query: new URLSearchParams(query),
      headers,
      clientAddress,
      store,
      signal: controller.signal,
      signIn,
    };
  }

  async function signIn(person: Person): Promise<Identified> {
    if (directory) return findOrMake(person, directory, Date.now(), logins.length === 1);
    if (person.identified.absent?.user === 'refuse')
      throw new GatewayError('invalid_credentials', 'Who logs in has to be known here, and the gateway has no directory to know them by');
    return person.identified;
  }

  function toRefusal(error: unknown, { name }: Identity, { path, query, headers }: HttpRequest): GatewayError {
    const isRefusal = GatewayError.is(error) && error.code !== 'internal';
    if (isRefusal && (error.code !== 'identity_unavailable' || !isDue(name))) return error;
    const secrets = [...new URLSearchParams(query).values(), ...String(headers.cookie ?? '').split(/[;=]\s*/)];
    onError(new Error(`The identity '${name}' failed at ${path}: ${withoutSecrets(error, secrets)}`));
    if (isRefusal) return error;
    return new GatewayError('identity_unavailable', 'It cannot be found out at the moment who calls', { retryable: true });
  }

  /** Anybody may ask for pages, as often as they like, while a provider is away. */
  function isDue(name: string): boolean {
    const now = performance.now();
    if (now - (toldAt.get(name) ?? -Infinity) < TOLD_EVERY_MS) return false;
    toldAt.set(name, now);
    return true;
  }
}

const TOLD_EVERY_MS = 60_000;

const KEPT_BY_NOBODY = ['cache-control', 'no-store', 'referrer-policy', 'no-referrer', 'x-content-type-options', 'nosniff'];
