import { askJudge, defineGuardrail, type Guardrail, type GuardrailText, type JudgingModel, judgedOnce, type Verdict } from '@sluice/core';
import { CATEGORIES } from './categories.ts';
import { readAnswer } from './read-answer.ts';

export type LlamaGuardOptions = Omit<JudgingModel, 'timeoutMs'> & {
  /** The codes that lead to a refusal. Default: all. */
  readonly categories?: readonly string[];
  /** Longest wait for an answer, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** The guardrail's name in errors, headers and policies. Default `llamaguard`. */
  readonly name?: string;
};

/** `unsafe` and the codes of every category. */
const MOST_TOKENS = 64;

/**
 * A guardrail that has a Llama Guard judge each text: one of the gateway's models, or one at an address. What cannot be
 * judged is refused.
 *
 * @example
 * createGateway({ models: [{ name: 'judge', … }], guardrails: [{ guardrail: llamaGuard({ model: 'judge' }), on: ['input'] }] });
 */
export function llamaGuard({ categories, timeoutMs = 10_000, name = 'llamaguard', ...judge }: LlamaGuardOptions): Guardrail {
  async function check(piece: GuardrailText): Promise<Verdict> {
    const request = { operation: 'chat', messages: toConversation(piece), temperature: 0, max_tokens: MOST_TOKENS } as const;
    const judgement = readAnswer(await askJudge({ ...judge, timeoutMs }, piece, request));
    if (judgement.isSafe) return { action: 'allow' };
    // Without a code nobody knows whether it is one that was asked for.
    const { codes } = judgement;
    if (categories && codes.length > 0 && !codes.some((code) => categories.includes(code))) return { action: 'allow' };
    const found = codes.map((code) => CATEGORIES[code] ?? code).join(', ');
    return { action: 'block', reason: found === '' ? 'it was judged unsafe' : `it was judged unsafe: ${found}` };
  }

  // The gateway's own wait is a little longer, so that the better message comes first.
  return defineGuardrail({ name, timeoutMs: timeoutMs + 1000, screening: { mode: 'buffer' }, check: judgedOnce(check) });
}

/** It judges what was said last, and takes only conversations that a user begins. */
function toConversation({ text, direction }: GuardrailText): readonly { role: 'user' | 'assistant'; content: string }[] {
  return direction === 'input'
    ? [{ role: 'user', content: text }]
    : [
        { role: 'user', content: 'Please answer.' },
        { role: 'assistant', content: text },
      ];
}
