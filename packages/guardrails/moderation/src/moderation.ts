import { askJudge, defineGuardrail, type Guardrail, type GuardrailText, type JsonObject, type JudgingModel, judgedOnce, type Verdict } from '@sluice/core';

export type ModerationOptions = Partial<Omit<JudgingModel, 'timeoutMs'>> & {
  /** From which score on, of any category, a text is refused. Default: where the provider flags it. */
  readonly threshold?: number;
  /** Longest wait for an answer, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** The guardrail's name in errors, headers and policies. Default `moderation`. */
  readonly name?: string;
};

/**
 * A guardrail that has a moderation model judge each text, through the gateway or at an address. What cannot be judged
 * is refused.
 *
 * @example
 * createGateway({ guardrails: [{ guardrail: moderation({ threshold: 0.8 }), on: ['input'] }] });
 */
export function moderation({
  model = 'omni-moderation-latest',
  threshold,
  timeoutMs = 10_000,
  name = 'moderation',
  ...judge
}: ModerationOptions = {}): Guardrail {
  async function check(piece: GuardrailText): Promise<Verdict> {
    const answer = await askJudge({ ...judge, model, timeoutMs }, piece, { operation: 'moderations', input: piece.text });
    const found = foundIn(answer, threshold);
    return found.length === 0 ? { action: 'allow' } : { action: 'block', reason: `it was judged to be ${found.join(', ')}` };
  }

  // The gateway's own wait is a little longer, so that the better message comes first.
  return defineGuardrail({ name, timeoutMs: timeoutMs + 1000, screening: { mode: 'buffer' }, check: judgedOnce(check) });
}

type Result = {
  readonly flagged?: unknown;
  readonly categories?: Readonly<Record<string, unknown>>;
  readonly category_scores?: Readonly<Record<string, unknown>>;
};

/** @throws Error for an answer that judges nothing. */
function foundIn({ results }: JsonObject, threshold: number | undefined): string[] {
  const all = Array.isArray(results) ? (results as readonly Result[]) : [];
  if (all.length === 0) throw new Error('The moderation model has answered without a result');
  return [...new Set(all.flatMap((result) => (threshold === undefined ? flagged(result) : over(result, threshold))))];
}

function flagged({ flagged: isFlagged, categories = {} }: Result): string[] {
  if (typeof isFlagged !== 'boolean') throw new Error('The moderation model does not say whether the text is flagged');
  if (!isFlagged) return [];
  const named = Object.keys(categories).filter((category) => categories[category] === true);
  return named.length > 0 ? named : ['against policy'];
}

function over({ category_scores: scores }: Result, threshold: number): string[] {
  if (!scores || Object.keys(scores).length === 0) throw new Error('The moderation model gives no scores to hold against the threshold');
  return Object.keys(scores).filter((category) => Number(scores[category]) >= threshold);
}
