import { cookieValues, type IdentityAnswer, type Visit } from '@sluice/core';
import * as client from 'openid-client';
import { sessionCookie, setCookie } from './cookies.ts';
import { type Parts, redirect } from './parts.ts';

/** Ends the session here, whatever becomes of it at the issuer, and leads the browser there to end it as well. */
export async function logout({ settings, sessions, issuer }: Parts, { headers, store }: Visit): Promise<IdentityAnswer> {
  const cookie = sessionCookie(settings);
  const tokens: (string | undefined)[] = [];
  for (const text of cookieValues(headers.cookie, cookie.name)) tokens.push(await sessions.end(text, store).catch(onlyOurs));
  const next = await endAt(
    issuer,
    settings.afterLogout,
    tokens.find((token) => token !== undefined),
  );
  const gone = setCookie(cookie, '');
  if (next !== undefined && /\btext\/html\b/.test(String(headers.accept))) return redirect(next, gone);
  // A script is told where to go, for it would follow a redirect itself.
  const body = JSON.stringify({ status: 'logged_out', ...(next !== undefined && { logout_url: next }) });
  return { status: 200, headers: { 'content-type': 'application/json', 'set-cookie': gone }, body };
}

/** A session that is over has ended; a store that does not answer has not ended it. */
function onlyOurs(error: unknown): undefined {
  const { code } = error as { readonly code?: string };
  if (code !== 'key_expired' && code !== 'invalid_credentials') throw error;
}

async function endAt(issuer: Parts['issuer'], afterLogout: string | undefined, idToken: string | undefined): Promise<string | undefined> {
  const configuration = await issuer().catch(() => undefined);
  if (configuration?.serverMetadata().end_session_endpoint === undefined) return afterLogout;
  return client.buildEndSessionUrl(configuration, {
    ...(idToken !== undefined && { id_token_hint: idToken }),
    ...(afterLogout !== undefined && { post_logout_redirect_uri: afterLogout }),
  }).href;
}
