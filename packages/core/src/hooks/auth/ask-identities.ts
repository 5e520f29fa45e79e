import { GatewayError } from '../../errors/gateway-error.ts';
import type { Context } from '../../pipeline/context.ts';
import { deadline } from '../../stream/deadline.ts';
import { isPromise } from '../../stream/maybe-promise.ts';
import type { Identified, Identity } from '../../types/identity.ts';
import type { MaybePromise } from '../../types/json.ts';

export type AskOptions = {
  readonly identities: readonly Identity[];
  /** Hears why one of them could not answer, without the credential. */
  readonly onError: (error: unknown) => void;
};

const DEFAULT_TIMEOUT_MS = 5_000;

/** Asks one after the other who is behind a credential. Whoever fails lets nobody in, and nobody after it is asked. */
export function askIdentities({ identities, onError }: AskOptions): (ctx: Context, credential: string) => MaybePromise<Identified | undefined> {
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
      const answer = identity.identify({ credential, headers: source.headers ?? {}, clientAddress: source.clientAddress, operation, signal });
      return isPromise(answer) ? await deadline(answer, timeoutMs, () => new Error(`it took longer than ${timeoutMs} ms`)) : answer;
    } catch (error) {
      if (GatewayError.is(error) && error.code !== 'internal') throw error;
      onError(new Error(`The identity '${name}' could not say who calls: ${withoutCredential(error, credential)}`));
      throw new GatewayError('identity_unavailable', 'It cannot be found out at the moment who calls', { retryable: true });
    } finally {
      late.abort();
    }
  }
}

/** Others' errors may quote what they were asked with, as a whole or in its parts. */
function withoutCredential(error: unknown, credential: string): string {
  const parts = [credential, ...credential.split('.')].filter((part) => part.length >= 6);
  return parts.reduce((text, part) => text.replaceAll(part, '[redacted]'), error instanceof Error ? error.message : String(error));
}
