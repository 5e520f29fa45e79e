import type { Finder, Finding } from './finding.ts';
import { TOKEN_RULES, type TokenRule } from './token-rules.ts';

const RULES = new Map<string, TokenRule>(TOKEN_RULES.flatMap((rule) => rule.starts.map((start) => [start, rule] as const)));

/** One look at a clean text for all beginnings there are. A shorter one is not the beginning of a longer. */
const STARTS = new RegExp([...RULES.keys()].map((start) => start.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|'), 'g');

const DIGIT = /\d/;
const RUN_END = /[^\w-]|$/g;

/** Keys and tokens by how they begin. */
export const findTokens: Finder = (text, from) => {
  const found: Finding[] = [];
  let noneBefore = from;
  STARTS.lastIndex = from;
  for (let match = STARTS.exec(text); match !== null; match = STARTS.exec(text)) {
    const start = match.index;
    const rule = RULES.get(match[0]) as TokenRule;
    if (isInWord(text, start) || (rule.mostBeforeDot && start < noneBefore)) continue;
    rule.form.lastIndex = start;
    const token = rule.form.exec(text)?.[0];
    if (token === undefined && rule.mostBeforeDot) noneBefore = nextInRun(text, start, rule.mostBeforeDot);
    if (token === undefined || (rule.hasDigit && !DIGIT.test(token))) continue;
    found.push({ start, end: start + token.length, kind: rule.kind });
    STARTS.lastIndex = start + token.length;
  }
  return found;
};

/** Where one may begin again after none began at `start`: near enough to the dot, or behind the run where this one was. */
function nextInRun(text: string, start: number, most: number): number {
  RUN_END.lastIndex = start;
  const end = RUN_END.exec(text)?.index ?? text.length;
  return end - start > most ? end - most : end;
}

/** `task-…` does not begin with `sk-`, but `\nsk-…` does where a text is JSON's. */
function isInWord(text: string, index: number): boolean {
  if (text[index - 2] === '\\' && 'nrt'.includes(text[index - 1] as string)) return false;
  const code = text.charCodeAt(index - 1);
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
}
