import { GatewayError } from '../../errors/gateway-error.ts';
import type { Context } from '../../pipeline/context.ts';
import { withoutSecrets } from '../../identities/without-secrets.ts';
import { deadline } from '../../stream/deadline.ts';
import { isPromise } from '../../stream/maybe-promise.ts';
import type { Identity } from '../../identities/identity.ts';
import type { Store } from '../../store/store.ts';
import type { Identified } from '../../types/identity.ts';
import type { MaybePromise } from '../../types/json.ts';

export type AskOptions = {
  readonly identities: readonly Identity[];
  readonly store: Store;
  /** Hears why one of them could not answer, without the credential. */
  readonly onError: (error: unknown) => void;
};

const DEFAULT_TIMEOUT_MS = 5_000;

/** Asks one after the other who is behind a credential. Whoever fails lets nobody in, and nobody after it is asked. */
export function askIdentities({ identities, store, onError }: AskOptions): (ctx: Context, credential: string) => MaybePromise<Identified | undefined> {
  return (ctx, credential) => {
    const able = identities.filter(({ recognizes }) => recognizes?.(credential) ?? true);
    return able.length === 0 ? undefined : askEach(able, ctx, credential);
  };

  async function askEach(able: readonly Identity[], ctx: Context, credential: string): Promise<Identified | undefined> {
    for (const identity of able) {
      const found = await ask(identity, ctx, credential);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async function ask(identity: Identity, ctx: Context, credential: string): Promise<Identified | undefined> {
    const { name, timeoutMs = DEFAULT_TIMEOUT_MS } = identity;
    const late = new AbortController();
    const { source, operation } = ctx;
    const signal = AbortSignal.any([ctx.signal, late.signal]);
    try {
      const answer = identity.identify({ credential, headers: source.headers ?? {}, clientAddress: source.clientAddress, operation, store, signal });
      return isPromise(answer) ? await deadline(answer, timeoutMs, () => new Error(`it took longer than ${timeoutMs} ms`)) : answer;
    } catch (error) {
      if (GatewayError.is(error) && error.code !== 'internal') throw error;
      onError(new Error(`The identity '${name}' could not say who calls: ${withoutSecrets(error, [credential])}`));
      throw new GatewayError('identity_unavailable', 'It cannot be found out at the moment who calls', { retryable: true });
    } finally {
      late.abort();
    }
  }
}
