import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { ConfigurationError, type ConfigurationProblem } from '../errors/configuration-error.ts';
import type { JsonObject } from '../types/json.ts';

const CIPHER = 'aes-256-gcm';
const PREFIX = 'sealed:1:';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Names of fields and headers whose texts nobody may read. */
const SECRET = /(?:key|token|credentials?|authorization|cookie)$|secret|passw/i;

/** Keeps the credentials in what a directory holds from those who read its database. */
export type SecretSeal = {
  /** `body` with every credential in it sealed; what is sealed already stays so. */
  seal(body: JsonObject): JsonObject;
  /** `body` with every text in it sealed, whatever it is named. */
  sealAll(body: JsonObject): JsonObject;
  /** The credentials as they were. @throws ConfigurationError naming every field that was sealed with another key */
  open(body: JsonObject): JsonObject;
  /**
   * `body` with everything in it sealed anew that a former salt key has sealed; nothing where there is no such thing.
   * @throws ConfigurationError as `open`
   */
  reseal(body: JsonObject): JsonObject | undefined;
};

/** Seals with a key made of the first of a gateway's salt keys, and opens what any of them has sealed. */
export function secretSeal(saltKeys: readonly [string, ...string[]]): SecretSeal {
  const [key, ...formerKeys] = saltKeys.map((saltKey) => Buffer.from(hkdfSync('sha256', saltKey, '', 'sluice directory secrets', 32))) as [Buffer, ...Buffer[]];

  function sealed(text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce);
    const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), bytes]).toString('base64url');
  }

  function opened(text: string): { readonly plain: string; readonly isCurrent: boolean } {
    for (const one of [key, ...formerKeys]) {
      try {
        return { plain: openedBy(one, text), isCurrent: one === key };
      } catch {
        // Sealed with another one.
      }
    }
    throw new Error('none of the keys fits');
  }

  /** Every sealed text mapped. @throws ConfigurationError naming every field that none of the keys opens */
  function mapSealed(body: JsonObject, map: (text: string, opened: { readonly plain: string; readonly isCurrent: boolean }) => string): JsonObject {
    const problems: ConfigurationProblem[] = [];
    const mapped = mapTexts(body, (text, place) => {
      if (!isSealed(text)) return text;
      try {
        return map(text, opened(text));
      } catch {
        problems.push({ place, message: UNREADABLE });
        return text;
      }
    });
    if (problems.length > 0) throw new ConfigurationError(problems);
    return mapped as JsonObject;
  }

  return {
    seal: (body) => mapTexts(body, (text, place) => (isSecret(place) && !isSealed(text) ? sealed(text) : text)) as JsonObject,
    sealAll: (body) => mapTexts(body, sealed) as JsonObject,
    open: (body) => mapSealed(body, (_, { plain }) => plain),
    reseal(body) {
      let isChanged = false;
      const anew = mapSealed(body, (text, { plain, isCurrent }) => {
        isChanged ||= !isCurrent;
        return isCurrent ? text : sealed(plain);
      });
      return isChanged ? anew : undefined;
    },
  };
}

const UNREADABLE = 'was sealed with another key: the salt key, or the master key in its place, is no longer what it was, and none of the former ones fits';

function openedBy(key: Buffer, text: string): string {
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  const cipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  cipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return cipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + cipher.final('utf8');
}

function isSecret(place: string): boolean {
  return isSecretName(place.slice(place.lastIndexOf('.') + 1));
}

/** Whether a field or header of this name holds what nobody may read. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

export function isSealed(text: string): boolean {
  return text.startsWith(PREFIX);
}

function mapTexts(value: unknown, map: (text: string, place: string) => string, place = ''): unknown {
  if (typeof value === 'string') return map(value, place);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map, place));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, mapTexts(field, map, place === '' ? name : `${place}.${name}`)]));
}
