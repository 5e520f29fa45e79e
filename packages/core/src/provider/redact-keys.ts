import type { Secret } from '../types/model.ts';

const REDACTED = '[redacted]';
const KEY_SHAPES =
  /\b(?:sk|pk|gsk|xai|pplx|nvapi|csk|fw|hf|r8|key|tgp|esecret|dapi|ghp|github_pat)[-_][\w*.-]{6,}|\bAIza[\w*-]{10,}|\bya29\.[\w.-]{6,}|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g;
/** What follows such a name is a key unless it is a plain word or a plain number, as in "too many tokens: total 4096". */
const NAMED_KEY =
  /\b((?:api[ _-]?key|token|credential)s?(?: provided| is)?\s*[:=]\s*)(["']?)(?!(?:[a-z]{1,11}|\d+)(?![^\s"',;.]|\.\w))[^\s"',;]{3,}[^\s"',;.]\2/gi;

/** Providers repeat the key they refuse, and it is the gateway's: callers must not see even a part of it. */
export function redactKeys(message: string, key?: Secret): string {
  const secret = key?.reveal();
  const plain = secret ? message.replaceAll(secret, REDACTED) : message;
  return plain.replace(NAMED_KEY, `$1${REDACTED}`).replace(KEY_SHAPES, REDACTED);
}
