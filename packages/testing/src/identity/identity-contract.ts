import assert from 'node:assert/strict';
import { createGateway, type Gateway, GatewayError, type Identified, type Identity, type Store } from '@sluice/core';
import type { ContractCase } from '../store/store-contract.ts';
import { presented, visit } from './presented.ts';

export type IdentityUnderTest = {
  readonly identity: Identity;
  /** A credential that stands for somebody. */
  readonly known: string;
  /** Where the identity keeps what it knows of it. Default: nowhere. */
  readonly store?: Store;
  /** Ends what the test has started. */
  close?(): Promise<void> | void;
};

export type MakeIdentity = () => IdentityUnderTest | Promise<IdentityUnderTest>;

type Answer = Identified | 'refused' | 'not its own';

const STRANGERS = ['sk-0123456789abcdef', 'x', 'a.b.c', '..', `${'e'.repeat(200)}.${'y'.repeat(200)}.z`, 'Ünïcödé 💥', 'x'.repeat(100_000)];
const ELSEWHERE = 'https://elsewhere.example/';
const DEFAULT_TIMEOUT_MS = 5_000;

const CASES: readonly (readonly [name: string, check: (made: IdentityUnderTest) => Promise<void>])[] = [
  ['has a plain name', async ({ identity }) => assert.match(identity.name, /^[\w-]+$/)],
  [
    'says whom its credential stands for, and for every call the same',
    async (made) => {
      const answers = await Promise.all(Array.from({ length: 5 }, () => ask(made, made.known)));
      for (const answer of answers) assert.deepEqual(answer, answers[0]);
      assert.ok(typeof answers[0] === 'object' && typeof answers[0].keyId === 'string' && answers[0].keyId !== '', 'keyId is missing: counters go by it');
    },
  ],
  [
    'says at once whether a credential may be its own, where it says so at all',
    async ({ identity, known }) => {
      if (!identity.recognizes) return;
      assert.equal(identity.recognizes(known), true);
      for (const credential of STRANGERS) assert.equal(typeof identity.recognizes(credential), 'boolean');
    },
  ],
  [
    'lets nobody in by what is somebody else’s, or nobody’s',
    async (made) => {
      for (const credential of STRANGERS) assert.equal(typeof (await ask(made, credential)), 'string', 'somebody was let in');
    },
  ],
  [
    'lets nobody in by a credential that was changed, cut or lengthened, and quotes none in an error',
    async (made) => {
      await ask(made, made.known);
      for (const credential of changed(made.known)) assert.equal(typeof (await ask(made, credential)), 'string', 'somebody was let in');
    },
  ],
  [
    'ends within its time when the caller has left',
    async (made) => {
      const { timeoutMs = DEFAULT_TIMEOUT_MS } = made.identity;
      const started = performance.now();
      await ask(made, made.known, AbortSignal.abort()).catch(() => undefined);
      assert.ok(performance.now() - started < timeoutMs + 1_000, `it took longer than ${timeoutMs} ms`);
    },
  ],
  [
    'lets its callers in to a gateway, and nobody else',
    async (made) => {
      await within(made, async (gateway) => {
        assert.equal((await models(gateway, { authorization: `Bearer ${made.known}` })).status, 200);
        for (const credential of changed(made.known)) assert.equal((await models(gateway, { authorization: `Bearer ${credential}` })).status, 401);
      });
    },
  ],
  [
    'takes its cookie from its own pages only, where it has one',
    async (made) => {
      const { cookie } = made.identity;
      if (!cookie) return;
      const sent = { cookie: `theme=dark; ${cookie.name}=${made.known}` };
      await within(made, async (gateway) => {
        assert.equal((await models(gateway, { ...sent, 'sec-fetch-site': 'same-origin' })).status, 200);
        for (const site of ['same-site', 'cross-site'])
          assert.deepEqual(await models(gateway, { ...sent, 'sec-fetch-site': site, 'sec-fetch-mode': 'cors' }), { status: 403, code: 'cross_site_session' });
      });
    },
  ],
  [
    'leads nobody elsewhere from its pages, and answers who brings nothing',
    async ({ identity, store }) => {
      for (const { method, path, answer } of identity.routes ?? []) {
        for (const query of [{}, { return_to: ELSEWHERE }, { return_to: '//elsewhere.example' }, { state: 'x', code: 'y' }]) {
          try {
            const { status, headers } = await answer(visit(query, store ? { store } : {}));
            assert.ok(status < 500, `${method} ${path} answers ${status}`);
            assert.ok(!headers.location?.startsWith(ELSEWHERE.slice(0, -1)), `${method} ${path} leads to ${headers.location}`);
          } catch (error) {
            assert.ok(GatewayError.is(error) && error.code !== 'internal', `${method} ${path} fails with ${String(error)}`);
          }
        }
      }
    },
  ],
];

/**
 * Every rule that an identity keeps, as cases for any test runner.
 *
 * @example
 * for (const { name, run } of identityContract(() => ({ identity: mine(), known: 'a-credential' }))) test(name, run);
 */
export function identityContract(make: MakeIdentity): readonly ContractCase[] {
  return CASES.map(([name, check]) => ({
    name,
    async run() {
      const made = await make();
      try {
        await check(made);
      } finally {
        await made.close?.();
      }
    },
  }));
}

async function ask({ identity, store }: IdentityUnderTest, credential: string, signal?: AbortSignal): Promise<Answer> {
  if (identity.recognizes?.(credential) === false) return 'not its own';
  try {
    const shown = presented(credential, { ...(store && { store }), ...(signal && { signal }) });
    return (await identity.identify(Object.freeze(shown))) ?? 'not its own';
  } catch (error) {
    if (signal) throw error;
    assert.ok(GatewayError.is(error) && error.code !== 'internal', `a credential was answered with ${String(error)}`);
    assert.ok([401, 403].includes(error.status), `a credential was refused with ${error.status}`);
    const told = `${error.message} ${String(error.cause ?? '')}`;
    for (const part of credential.split('.').filter(({ length }) => length >= 6)) assert.ok(!told.includes(part), 'an error quotes the credential');
    return 'refused';
  }
}

/** With another letter at either end and in between, without its end, and with more of it. */
function changed(credential: string): string[] {
  const other = (at: number): string => credential.slice(0, at) + (credential[at] === 'A' ? 'B' : 'A') + credential.slice(at + 1);
  // The last letter of base64 may hold bits that nobody reads.
  const places = [0, Math.floor(credential.length / 2), credential.length - 3].filter((at) => at >= 0);
  return [...places.map(other), credential.slice(0, -3), `${credential}AAA`, credential + credential].filter((one) => one !== '');
}

async function within({ identity, store }: IdentityUnderTest, check: (gateway: Gateway) => Promise<void>): Promise<void> {
  const lent = store && { store: { ...store, close: undefined } as unknown as Store };
  const gateway = createGateway({ models: [], identities: [identity], telemetry: false, onError: () => undefined, ...lent });
  await check(gateway).finally(() => gateway.close());
}

async function models(gateway: Gateway, headers: Record<string, string>): Promise<{ readonly status: number; readonly code?: string }> {
  const response = await gateway.fetch('http://gateway/v1/models', { headers });
  const { error } = (await response.json()) as { readonly error?: { readonly code: string } };
  return { status: response.status, ...(error && { code: error.code }) };
}
