import { estimateTokens } from '../../pricing/estimate.ts';
import { defineStrategy } from '../define-strategy.ts';
import type { RoutedCall, Strategy } from '../../types/strategy.ts';
import { COMPLEXITY_LEVELS, type Complexity, type ComplexityLevel, complexityScorer, type ComplexityScoring } from './complexity-score.ts';
import { prefer } from './prefer.ts';

/** The model for each level, by the name of a group, a deployment or a model, or several of which any will do. A level left out is answered by the next higher one. */
export type ComplexityOptions = Readonly<Partial<Record<ComplexityLevel, string | readonly string[]>>>;

/** Simple questions to a small model, hard ones to a large one, by rules that cost microseconds. */
export function complexity(models: ComplexityOptions, scoring?: ComplexityScoring): Strategy {
  const complexityOf = complexityScorer(scoring);
  const judged = new WeakMap<RoutedCall, Complexity>();

  function judge(call: RoutedCall): Complexity {
    let known = judged.get(call);
    if (!known) judged.set(call, (known = complexityOf(call.text, estimateTokens({ model: '', input: call.text }))));
    return known;
  }

  return defineStrategy({
    name: 'complexity',
    pick: (candidates, call) => prefer(namesFrom(judge(call).level, models), candidates, call),
    reason(_, call) {
      const { score, level, because } = judge(call);
      return `${level}, by a score of ${score.toFixed(2)}${because.length > 0 ? ` for ${because.join(', ')}` : ''}`;
    },
  });
}

/** The level's own model, then those above it, then those below, the nearest first. */
function namesFrom(level: ComplexityLevel, models: ComplexityOptions): (string | readonly string[])[] {
  const at = COMPLEXITY_LEVELS.indexOf(level);
  const order = [...COMPLEXITY_LEVELS.slice(at), ...COMPLEXITY_LEVELS.slice(0, at).reverse()];
  return order.map((name) => models[name]).filter((name) => name !== undefined);
}
