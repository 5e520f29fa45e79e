import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { JsonObject, Secret } from '@sluice/core';

/** What a call to Vertex is allowed by: a key, a token, what Google's own files hold, or whatever this machine is allowed (`default`). */
export type Credential =
  | { readonly kind: 'key'; readonly key: Secret }
  | { readonly kind: 'token'; readonly token: Secret }
  | { readonly kind: 'json'; readonly json: JsonObject }
  | { readonly kind: 'default' }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** Access tokens of Google's begin so; tokens of other makers are told by their form. */
const TOKEN = /^(?:ya29\.|eyJ[\w-]+\.|Bearer )/;
/** What Google's files call themselves, each with the fields without which it is of no use. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  service_account: ['client_email', 'private_key'],
  authorized_user: ['client_id', 'client_secret', 'refresh_token'],
  external_account: ['audience', 'subject_token_type', 'token_url', 'credential_source'],
  external_account_authorized_user: ['client_id', 'client_secret', 'refresh_token', 'token_url'],
  impersonated_service_account: ['service_account_impersonation_url', 'source_credentials'],
};

/** Told by its form: JSON, or the path of a file that holds some; a token; or else a key. */
export function readCredential(given: Secret | undefined): Credential {
  const text = given?.reveal().trim();
  if (given === undefined || text === undefined || text === '') return { kind: 'default' };
  if (text.startsWith('{')) return fromJson(text, 'The credentials are');
  if (text.endsWith('.json')) return fromFile(text);
  return TOKEN.test(text) ? { kind: 'token', token: given } : { kind: 'key', key: given };
}

function fromFile(path: string): Credential {
  try {
    return fromJson(readFileSync(path, 'utf8'), `The credentials in ${path} are`);
  } catch (error) {
    return { kind: 'unreadable', problem: `The credentials in ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.` };
  }
}

/** What is wrong is told by the names of fields alone. */
function fromJson(text: string, place: string): Credential {
  const json = parsed(text);
  if (json === undefined) return { kind: 'unreadable', problem: `${place} not a JSON object.` };
  const fields = typeof json.type === 'string' && Object.hasOwn(FIELDS, json.type) ? FIELDS[json.type] : undefined;
  if (fields === undefined) return { kind: 'unreadable', problem: `${place} of a type that is not known; it is one of ${Object.keys(FIELDS).join(', ')}.` };
  const missing = fields.filter((field) => json[field] === undefined || json[field] === '');
  if (missing.length > 0) return { kind: 'unreadable', problem: `${place} without ${missing.join(', ')}.` };
  if (json.type === 'service_account' && !isPrivateKey(json.private_key))
    return { kind: 'unreadable', problem: `${place} with a private_key that is none; are its line breaks as they were?` };
  return { kind: 'json', json };
}

function isPrivateKey(text: unknown): boolean {
  try {
    return createPrivateKey(String(text)).type === 'private';
  } catch {
    return false;
  }
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
