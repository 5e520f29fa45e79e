/** How hard a request is, from about -0.1 (a greeting) to 1, and what spoke for it. */
export type Complexity = { readonly score: number; readonly level: ComplexityLevel; readonly because: readonly string[] };

export const COMPLEXITY_LEVELS = ['simple', 'medium', 'complex', 'reasoning'] as const;
export type ComplexityLevel = (typeof COMPLEXITY_LEVELS)[number];

export type ComplexityDimension = 'tokens' | 'code' | 'reasoning' | 'technical' | 'simple' | 'steps' | 'questions';

/** How difficulty is judged, where it is to be otherwise than by default. */
export type ComplexityScoring = {
  /** The score from which on a text is of a level. Default 0.15, 0.35 and 0.6. */
  readonly boundaries?: Readonly<Partial<Record<Exclude<ComplexityLevel, 'simple'>, number>>>;
  /** What each side of a text counts; what is simple is taken off. */
  readonly weights?: Readonly<Partial<Record<ComplexityDimension, number>>>;
  /** A text with no more tokens than `few` is short, and one with `many` as long as it counts. Default 15 and 400. */
  readonly tokens?: { readonly few?: number; readonly many?: number };
  /** Words and phrases that tell of a side, in place of the gateway's own. */
  readonly words?: Readonly<Partial<Record<'code' | 'reasoning' | 'technical' | 'simple', readonly string[]>>>;
};

/** Weights and boundaries as LiteLLM's complexity router has them; the words are our own. */
const WEIGHTS: Readonly<Record<ComplexityDimension, number>> = {
  tokens: 0.1,
  code: 0.3,
  reasoning: 0.25,
  technical: 0.25,
  simple: 0.05,
  steps: 0.03,
  questions: 0.02,
};
const BOUNDARIES = { medium: 0.15, complex: 0.35, reasoning: 0.6 } as const;
const TOKENS = { few: 15, many: 400 } as const;
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

/** Judges texts of users by rules alone: no model is asked, and what it takes grows with the length of the text only. */
export function complexityScorer(scoring: ComplexityScoring = {}): (text: string, tokens: number) => Complexity {
  const weights = { ...WEIGHTS, ...scoring.weights };
  const boundaries = { ...BOUNDARIES, ...scoring.boundaries };
  const { few, many } = { ...TOKENS, ...scoring.tokens };
  const { code = CODE, reasoning = REASONING, technical = TECHNICAL, simple = SIMPLE } = patternsOf(scoring.words);
  const names = Object.keys(WEIGHTS) as ComplexityDimension[];

  return (text, tokens) => {
    const said = text.slice(0, MOST_CHARACTERS);
    const count = (pattern: RegExp): number => said.match(pattern)?.length ?? 0;
    const reasons = count(reasoning);
    const parts: Readonly<Record<ComplexityDimension, number>> = {
      tokens: tokens <= few ? 0 : Math.min(1, tokens / many),
      code: saturated(count(code)),
      reasoning: saturated(reasons),
      technical: saturated(count(technical)),
      simple: count(simple) > 0 ? 1 : 0,
      steps: saturated(count(STEPS)),
      questions: saturated(said.split('?').length - 2),
    };
    const score = names.reduce((sum, name) => sum + (name === 'simple' ? -1 : 1) * weights[name] * parts[name], 0);
    return { score, level: reasons >= CERTAIN_REASONING ? 'reasoning' : levelFor(score, boundaries), because: names.filter((name) => parts[name] > 0) };
  };
}

function patternsOf(words: ComplexityScoring['words'] = {}): Partial<Record<keyof NonNullable<ComplexityScoring['words']>, RegExp>> {
  return Object.fromEntries(Object.entries(words).map(([side, list]) => [side, anyOf(list)]));
}

/** Any of some words as they stand, whole, in any case; none of none. */
function anyOf(words: readonly string[]): RegExp {
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(escaped.length === 0 ? '(?!)' : `(?<!\\w)(?:${escaped.join('|')})(?!\\w)`, 'gi');
}

/** One says something, three say it all. */
function saturated(count: number): number {
  return count <= 0 ? 0 : Math.min(1, 0.4 + 0.3 * (count - 1));
}

function levelFor(score: number, { medium, complex, reasoning }: Readonly<Record<'medium' | 'complex' | 'reasoning', number>>): ComplexityLevel {
  if (score < medium) return 'simple';
  if (score < complex) return 'medium';
  return score < reasoning ? 'complex' : 'reasoning';
}
