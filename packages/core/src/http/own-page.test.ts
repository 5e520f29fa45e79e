import { describe, expect, it } from 'vitest';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import type { HttpHeaders } from './http-types.ts';
import { isOwnPage } from './own-page.ts';
import { cookieValues, shownReader } from './read-shown.ts';

const ORIGIN = 'https://ai.example.com';

describe('a request with a cookie comes from a page of its own', () => {
  it.each<[boolean, string, HttpHeaders, boolean]>([
    [true, 'POST', { 'sec-fetch-site': 'same-origin' }, false],
    [true, 'POST', { origin: ORIGIN }, false],
    [true, 'GET', {}, false],
    [true, 'GET', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, false],
    [true, 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, false],
    [false, 'POST', {}, false],
    [false, 'POST', { 'sec-fetch-site': 'none' }, false],
    [false, 'POST', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', origin: ORIGIN }, false],
    [false, 'DELETE', { 'sec-fetch-site': 'same-site', origin: ORIGIN }, false],
    [false, 'POST', { origin: `${ORIGIN}.evil.example` }, false],
    [false, 'GET', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, false],
    [false, 'GET', { origin: 'null' }, false],
    [false, 'GET', { origin: 'https://evil.example' }, true],
    [false, 'GET', {}, true],
    [true, 'GET', { origin: ORIGIN }, true],
  ])('%s: %s %o, upgrade %s', (expected, method, headers, isUpgrade) => {
    expect(isOwnPage({ method, headers, isUpgrade }, ORIGIN)).toBe(expected);
  });
});

describe('what a request shows', () => {
  const read = shownReader([{ name: 'session', origin: ORIGIN }]);
  const shown = (headers: HttpHeaders, method = 'GET') =>
    read({ method, path: '/', headers, body: () => ({ kind: 'none' }), controller: new LazyAbortController() });

  it('is a key before a cookie, and of a cookie every value', () => {
    expect(shown({ cookie: 'a=1; session=abc; session2=x; xsession=y' })).toEqual({ credentials: ['abc'] });
    expect(shown({ cookie: 'session=abc', authorization: 'Bearer key' })).toEqual({ credentials: ['key'] });
    expect(shown({ cookie: 'session=abc; session=abc;session=other' })).toEqual({ credentials: ['abc', 'other'] });
    for (const cookie of [undefined, '', 'session=', 'session', 'Session=a']) expect(shown({ cookie })).toEqual({ credentials: [] });
    expect(cookieValues(['a=1; a=2', 'a=3'], 'a')).toEqual(['1', '2', '3']);
  });

  it('is no cookie for a page of others, which is told why', () => {
    const { credentials, fault } = shown({ cookie: 'session=abc', origin: 'https://evil.example' }, 'POST');
    expect([credentials, fault?.code]).toEqual([[], 'cross_site_session']);
    expect(fault?.message).not.toContain('abc');
  });
});
