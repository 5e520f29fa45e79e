import { defineGuardrail, type Guardrail } from '@sluice/core';
import { findAssigned, findInAddresses } from './find-assigned.ts';
import { findPrivateKeys } from './find-private-keys.ts';
import { findTokens } from './find-tokens.ts';
import type { Finding } from './finding.ts';

export type SecretsOptions = {
  /** What a secret leads to: something else in its place (default), or a refusal. */
  readonly action?: 'redact' | 'block';
  /** What stands in its place. Default `[REDACTED]`. */
  readonly replacement?: string;
  /** Whether values behind names such as `password =` are secrets where they look random. Default true. */
  readonly assignments?: boolean;
  /**
   * Characters of the longest secret that is found whole in a streamed answer, which is held back by as many. Default
   * 4096, for private keys; 1024 is enough for tokens.
   */
  readonly longestFinding?: number;
  /** The guardrail's name in errors, headers and policies. Default `secrets`. */
  readonly name?: string;
};

/**
 * A guardrail that hides credentials: keys and tokens of known forms, private keys, tokens of JSON, passwords in
 * addresses and behind names that say so. Linear in the text.
 *
 * @example
 * createGateway({ guardrails: [{ guardrail: secrets(), on: ['input'] }] });
 */
export function secrets({
  action = 'redact',
  replacement = '[REDACTED]',
  assignments = true,
  longestFinding = 4096,
  name = 'secrets',
}: SecretsOptions = {}): Guardrail {
  const finders = [findPrivateKeys, findTokens, findInAddresses, ...(assignments ? [findAssigned] : [])];

  return defineGuardrail({
    name,
    longestFinding,
    screening: { mode: 'window', characters: longestFinding },
    check({ text, from }) {
      // What ends at or before `from` was judged before; what begins before it may end behind it.
      const begin = Math.max(0, from - longestFinding);
      const found = finders.flatMap((find) => find(text, begin)).filter(({ end }) => end > from);
      const [first] = found;
      if (first === undefined) return { action: 'allow' };
      if (action === 'block') return { action, reason: `it holds a secret (${first.kind})`, span: { start: first.start, end: first.end } };
      return { action, edits: found.map((finding) => toEdit(finding, replacement)) };
    },
  });
}

function toEdit({ start, end }: Finding, replacement: string): { start: number; end: number; replacement: string } {
  return { start, end, replacement };
}
