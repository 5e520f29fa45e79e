import { memoryStore, type Presented, type Visit } from '@sluice/core';

/** A credential as an identity gets it, to try one with. */
export function presented(credential: string, fields: Partial<Presented> = {}): Presented {
  const signal = fields.signal ?? new AbortController().signal;
  return { credential, headers: {}, clientAddress: '192.0.2.1', operation: 'chat', store: memoryStore(), ...fields, signal };
}

/** A visit to a page of an identity. Everybody who signs in is taken for whom the identity names. */
export function visit(query: Readonly<Record<string, string>> = {}, fields: Partial<Visit> = {}): Visit {
  const signal = fields.signal ?? new AbortController().signal;
  const signIn: Visit['signIn'] = async ({ identified }) => identified;
  return { query: new URLSearchParams(query), headers: {}, clientAddress: '192.0.2.1', store: memoryStore(), signIn, ...fields, signal };
}
