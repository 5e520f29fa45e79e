import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { GuardrailText, Verdict } from '../../types/guardrail.ts';

const REMEMBERED = 5000;

/**
 * A check that asks somebody for each text, once: a conversation comes again with every turn, and what was judged needs
 * no second judgement. What is remembered is a hash and the verdict; a check that fails is asked again. A text that is
 * nothing but space is allowed.
 */
export function judgedOnce(check: (text: GuardrailText) => Promise<Verdict>): (text: GuardrailText) => Verdict | Promise<Verdict> {
  const known = new LRUCache<string, Verdict>({ max: REMEMBERED });

  return (piece) => {
    if (piece.text.trim() === '') return { action: 'allow' };
    const key = createHash('sha256').update(piece.direction).update('\u0000').update(piece.text).digest('base64');
    const before = known.get(key);
    if (before) return before;
    return check(piece).then((verdict) => {
      known.set(key, verdict);
      return verdict;
    });
  };
}
