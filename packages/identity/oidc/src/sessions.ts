import { createHash, randomBytes } from 'node:crypto';
import { GatewayError, type Identified, type Store } from '@sluice/core';
import { errors } from 'jose';
import type { Seal } from './seal.ts';
import type { Settings } from './settings.ts';

/** Browsers keep no cookie that is longer, its name and its rules included. */
const LONGEST_COOKIE = 3_800;
/** How often it is written down, as a share of `idleMs`, that a session is in use. */
const TOLD_PER_IDLE = 20;

export type Sessions = {
  /** A new session, as the text that its browser keeps. */
  begin(identified: Identified, idToken: string | undefined, store: Store): Promise<string>;
  /** @throws GatewayError `invalid_credentials`, `key_expired`. */
  find(text: string, store: Store): Promise<Identified>;
  /** Ends it everywhere, and answers the token of the issuer's that it began with. */
  end(text: string, store: Store): Promise<string | undefined>;
};

/**
 * A session is a sealed text in a browser and a record in the gateway's store, and is over when either is gone. What it
 * says is in the text, so the store tells nobody who is logged in; that it goes on is in the store, so a copy ends with it.
 */
export function sessions(seal: Seal, { realm, sessionMs, idleMs }: Settings): Sessions {
  // Two values, so that writing down a use cannot bring back what was ended meanwhile.
  const keysOf = (id: string): { readonly record: string; readonly use: string } => {
    const hash = createHash('sha256').update(id).digest('base64url');
    return { record: `session/${realm}/${hash}`, use: `session/${realm}/${hash}/use` };
  };

  async function open(text: string): Promise<{ readonly id: string; readonly who: Identified }> {
    try {
      const { sid, who } = await seal.open('session', text);
      return { id: String(sid), who: who as Identified };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw over();
      throw new GatewayError('invalid_credentials', 'The session was not made here');
    }
  }

  return {
    async begin(identified, idToken, store) {
      const expiresAtMs = Date.now() + sessionMs;
      const id = randomBytes(32).toString('base64url');
      const text = await seal.close('session', { sid: id, who: identified }, expiresAtMs);
      if (text.length > LONGEST_COOKIE) throw tooMuch(identified);
      const { record, use } = keysOf(id);
      await store.set(use, String(Date.now()), { ttlMs: idleMs });
      await store.set(record, await seal.close('record', { ...(idToken !== undefined && { idToken }) }, expiresAtMs), { ttlMs: sessionMs });
      return text;
    },

    async find(text, store) {
      const { id, who } = await open(text);
      const { record, use } = keysOf(id);
      const [isThere, usedAt] = await Promise.all([store.get(record), store.get(use)]);
      if (isThere === undefined || usedAt === undefined) throw over();
      const now = Date.now();
      if (now - Number(usedAt) > idleMs / TOLD_PER_IDLE) await store.set(use, String(now), { ttlMs: idleMs });
      return who;
    },

    async end(text, store) {
      const { id } = await open(text);
      const { record, use } = keysOf(id);
      const kept = await store.get(record);
      await store.delete(record);
      await store.delete(use);
      if (kept === undefined) return undefined;
      const { idToken } = await seal.open('record', kept);
      return typeof idToken === 'string' ? idToken : undefined;
    },
  };
}

function over(): GatewayError {
  return new GatewayError('key_expired', 'The session is over; log in again');
}

function tooMuch({ teamIds = [] }: Identified): GatewayError {
  return new GatewayError('invalid_credentials', `The login names more than a cookie holds (${teamIds.length} teams): let the issuer name fewer`);
}
