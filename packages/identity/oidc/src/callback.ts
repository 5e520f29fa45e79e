import { byClaims, claimAt, cookieValues, GatewayError, type IdentityAnswer, type JsonObject, type Person, type Visit } from '@sluice/core';
import * as client from 'openid-client';
import { loginCookie, sessionCookie, setCookie } from './cookies.ts';
import { unavailable } from './issuer.ts';
import { LOGIN_MS } from './login.ts';
import { type Parts, redirect } from './parts.ts';
import { throttle } from './throttle.ts';

type Begun = { readonly state: string; readonly nonce: string; readonly verifier: string; readonly back: string };

/** Takes what the issuer sends somebody back with, and begins their session. */
export async function callback(parts: Parts, visit: Visit): Promise<IdentityAnswer> {
  const { settings, sessions } = parts;
  const begun = await begunLogin(parts, visit);
  const tokens = await exchange(parts, visit, begun);
  const identified = await visit.signIn(await personOf(parts, tokens));
  const cookie = sessionCookie(settings);
  // Who logs in anew, or as somebody else, leaves no session behind.
  for (const former of cookieValues(visit.headers.cookie, cookie.name)) await sessions.end(former, visit.store).catch(() => undefined);
  const text = await sessions.begin(identified, tokens.id_token, visit.store);
  return redirect(begun.back, setCookie(cookie, text, settings.sessionMs));
}

/** The login that this answer belongs to, begun by this browser, and answered for the first time. */
async function begunLogin({ settings, seal }: Parts, { query, headers, store, clientAddress }: Visit): Promise<Begun> {
  const [kept, ...others] = cookieValues(headers.cookie, loginCookie(settings).name);
  if (kept === undefined || others.length > 0) throw notBegun();
  const begun = await seal.open('login', kept).catch(() => undefined);
  if (!begun || typeof begun.state !== 'string' || query.get('state') !== begun.state) throw notBegun();
  // Only now, so that answers nobody asked for keep nobody else at the same address out.
  await throttle('end', settings, clientAddress, store);
  const once = await store.reserve([{ key: `login/${settings.realm}/${begun.state}`, amount: 1, limit: 1, expiresAt: Date.now() + 2 * LOGIN_MS }]);
  if (!once.ok) throw notBegun();
  return begun as Begun & typeof begun;
}

function notBegun(): GatewayError {
  return new GatewayError('invalid_credentials', 'This browser has not begun this login, or it is over; begin it again');
}

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>;

async function exchange({ settings, issuer }: Parts, { query }: Visit, { state, nonce, verifier }: Begun): Promise<Tokens> {
  const configuration = await issuer();
  const answered = new URL(settings.redirectUri);
  answered.search = query.toString();
  try {
    return await client.authorizationCodeGrant(configuration, answered, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
  } catch (error) {
    throw refusal(error);
  }
}

/** What the issuer says in words, and what it sends, may hold secrets; its codes do not. */
function refusal(error: unknown): GatewayError {
  if (error instanceof client.ResponseBodyError && OURS.has(error.error)) return unavailable({ code: error.error });
  if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError)
    return new GatewayError('invalid_credentials', `The issuer refuses the login: ${/^[\w.-]{1,60}$/.test(error.error) ? error.error : 'it does not say why'}`);
  const { code } = error as { readonly code?: string };
  return UNFIT.has(String(code)) ? new GatewayError('invalid_credentials', `The login does not fit what was asked for: ${code}`) : unavailable(error);
}

/** What the gateway is refused for, whoever logs in. */
const OURS = new Set(['invalid_client', 'unauthorized_client']);

/** Of `oauth4webapi`: an answer that was changed on its way, or that is somebody else's. */
const UNFIT = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
  'OAUTH_UNSUPPORTED_OPERATION',
]);

async function personOf({ settings, issuer }: Parts, tokens: Tokens): Promise<Person> {
  const told = tokens.claims();
  if (told === undefined) throw new GatewayError('invalid_credentials', 'The issuer has sent no ID token');
  const claims: JsonObject = { ...(await moreClaims(await issuer(), tokens.access_token, told.sub)), ...told };
  const path = settings.claims?.email ?? 'email';
  const email = claimAt(claims, path);
  // Of an email that anybody could have typed nothing follows, and `email_verified` speaks of `email` beside it only.
  const beside = claimAt(told, path) === undefined ? claims : told;
  const isDenied = beside.email_verified === false || beside.email_verified === 'false';
  const isTheirs = !isDenied && (settings.trustsEmails === true || (path === 'email' && beside.email_verified === true));
  return {
    identified: byClaims({ ...claims, email_verified: isTheirs }, settings),
    // Only of one issuer nobody else has it.
    subject: `${told.iss}#${told.sub}`,
    ...(isTheirs && typeof email === 'string' && { email }),
  };
}

/** Many issuers tell emails and groups only to who asks for them. */
async function moreClaims(configuration: client.Configuration, accessToken: string, subject: string): Promise<JsonObject> {
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return {};
  try {
    return await client.fetchUserInfo(configuration, accessToken, subject);
  } catch (error) {
    throw unavailable(error);
  }
}
