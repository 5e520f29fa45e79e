/** How hard a request is, from about -0.1 (a greeting) to 1, and what spoke for it. */
export type Complexity = { readonly score: number; readonly level: ComplexityLevel; readonly because: readonly string[] };

export const COMPLEXITY_LEVELS = ['simple', 'medium', 'complex', 'reasoning'] as const;
export type ComplexityLevel = (typeof COMPLEXITY_LEVELS)[number];

/** Weights and boundaries as LiteLLM's complexity router has them; the words are our own. */
const WEIGHTS = { tokens: 0.1, code: 0.3, reasoning: 0.25, technical: 0.25, simple: -0.05, steps: 0.03, questions: 0.02 } as const;
const MEDIUM_FROM = 0.15;
const COMPLEX_FROM = 0.35;
const REASONING_FROM = 0.6;
const FEW_TOKENS = 15;
const MANY_TOKENS = 400;
/** So many of them in what the user says leave no doubt. */
const CERTAIN_REASONING = 2;

const CODE =
  /```|\b(?:function|class|def|import|return|const|let|var|async|await|regex|sql|select .{1,40} from|stack ?trace|exception|compile[rd]?|debug|refactor(?:ing)?|unit tests?|api endpoint|code|coding|script|python|javascript|typescript|java|rust|golang|c\+\+|bash|docker(?:file)?|kubernetes)\b|[{};][ \t]*$|=>|\(\)/gim;
const REASONING =
  /\b(?:step[ -]by[ -]step|think (?:it |this )?(?:through|hard|carefully)|reason(?:ing)? (?:about|through)|prove(?: that)?|proof|derive|deduce|trade-?offs?|pros and cons|analy[sz]e|explain why|justify|what are the implications|compare and contrast|evaluate|root cause|counter-?example)\b/gi;
const TECHNICAL =
  /\b(?:algorithms?|complexity|architect(?:ure)?|distributed|concurren(?:t|cy)|latency|throughput|database|schema|index(?:es|ing)?|encrypt(?:ion|ed)?|protocol|kernel|compiler|optimi[sz](?:e|ation)|gradient|matrix|integral|differential|theorem|equations?|statistic(?:s|al)|regression|neural|quantum|protein|genome|contract law|liability|diagnosis|pathology|derivatives?|amorti[sz]ation|thermodynamics)\b/gi;
const SIMPLE =
  /^\s*(?:hi|hello|hey|thanks?|thank you|good (?:morning|evening)|what(?: i|')s|who(?: i|')s|when (?:is|was|did)|where is|define|translate|spell|yes|no|ok(?:ay)?)\b/i;
const STEPS = /\b(?:first|then|after that|next|finally|and also)\b|^[ \t]*(?:\d+[.)]|[-*])[ \t]/gim;
/** The rules are for texts of people; what is longer tells nothing more, and takes longer to read. */
const MOST_CHARACTERS = 20_000;

/** Judges the text of a user by rules alone: no model is asked, and what it takes grows with the length of the text only. */
export function complexityOf(text: string, tokens: number): Complexity {
  const said = text.slice(0, MOST_CHARACTERS);
  const count = (pattern: RegExp): number => said.match(pattern)?.length ?? 0;
  const reasoning = count(REASONING);
  const parts: Readonly<Record<keyof typeof WEIGHTS, number>> = {
    tokens: tokens <= FEW_TOKENS ? 0 : Math.min(1, tokens / MANY_TOKENS),
    code: saturated(count(CODE)),
    reasoning: saturated(reasoning),
    technical: saturated(count(TECHNICAL)),
    simple: SIMPLE.test(said) ? 1 : 0,
    steps: saturated(count(STEPS)),
    questions: saturated(said.split('?').length - 2),
  };
  const names = Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[];
  const score = names.reduce((sum, name) => sum + WEIGHTS[name] * parts[name], 0);
  return { score, level: reasoning >= CERTAIN_REASONING ? 'reasoning' : levelFor(score), because: names.filter((name) => parts[name] > 0) };
}

/** One says something, three say it all. */
function saturated(count: number): number {
  return count <= 0 ? 0 : Math.min(1, 0.4 + 0.3 * (count - 1));
}

function levelFor(score: number): ComplexityLevel {
  if (score < MEDIUM_FROM) return 'simple';
  if (score < COMPLEX_FROM) return 'medium';
  return score < REASONING_FROM ? 'complex' : 'reasoning';
}
