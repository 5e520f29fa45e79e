import { defineGuardrail, type Guardrail } from '@sluice/core';

export type SampleNameGuardrailOptions = {
  /** What no text may hold, letter for letter. */
  readonly phrase: string;
  /** The guardrail's name in errors, headers and policies. Default `sample-name`. */
  readonly name?: string;
};

/**
 * Blocks texts that hold a phrase.
 *
 * @example
 * createGateway({ guardrails: [{ guardrail: sampleNameGuardrail({ phrase: 'project falcon' }), on: ['input', 'output'] }] });
 */
export function sampleNameGuardrail({ phrase, name = 'sample-name' }: SampleNameGuardrailOptions): Guardrail {
  return defineGuardrail({
    name,
    longestFinding: phrase.length,
    check({ text, from }) {
      // What ends at or before `from` was judged before.
      const start = text.indexOf(phrase, Math.max(0, from - phrase.length + 1));
      if (start < 0) return { action: 'allow' };
      return { action: 'block', reason: 'it holds a forbidden phrase', span: { start, end: start + phrase.length } };
    },
  });
}
