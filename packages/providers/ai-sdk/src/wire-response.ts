import type { WireResponse } from '@sluice/core';
import type { Told } from './thrown.ts';

export function jsonResponse(body: object): WireResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: oneChunk(JSON.stringify(body)) };
}

export function bytesResponse(contentType: string, bytes: string | Uint8Array): WireResponse {
  return { status: 200, headers: { 'content-type': contentType }, body: oneChunk(bytes) };
}

/** As a host would answer it; its own headers say when to come back. */
export function errorResponse({ status, headers, error }: Told): WireResponse {
  return { status, headers: { ...headers, 'content-type': 'application/json' }, body: oneChunk(JSON.stringify({ error })) };
}

async function* oneChunk(body: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield Buffer.from(body as Uint8Array);
}
