import type { IdentityAnswer, Visit } from '@sluice/core';
import * as client from 'openid-client';
import { loginCookie, setCookie } from './cookies.ts';
import { type Parts, redirect } from './parts.ts';
import { returnTo } from './return-to.ts';
import { throttle } from './throttle.ts';

/** Time to type a password, and to find a second factor. */
export const LOGIN_MS = 600_000;

/** Sends somebody to the issuer, and has their browser remember what the answer has to fit. */
export async function login({ settings, issuer, seal }: Parts, { query, clientAddress, store }: Visit): Promise<IdentityAnswer> {
  await throttle('begin', settings, clientAddress, store);
  const back = returnTo(query.get('return_to') ?? settings.afterLogin, settings.base);
  const configuration = await issuer();
  const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
  const url = client.buildAuthorizationUrl(configuration, {
    ...settings.parameters,
    redirect_uri: settings.redirectUri,
    scope: settings.scopes.join(' '),
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const kept = await seal.close('login', { state, nonce, verifier, back }, Date.now() + LOGIN_MS);
  return redirect(url.href, setCookie(loginCookie(settings), kept, LOGIN_MS));
}
