export type Redactor = (text: string, alsoHidden?: readonly string[]) => string;

const NONE: readonly string[] = [];
const HIDDEN = '[redacted]';

/** Shorter values would hide ordinary words along with themselves. */
const SHORTEST_SECRET = 6;

/** The forms in which credentials travel. Every quantifier is over one class of characters, so a match takes linear time. */
const CREDENTIALS = [
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]{6,}/gi,
  /\b(?:sk|pk|rk|gsk|xai|pplx|hf|r8|key|ghp|xox[abp])[-_][\w-]{8,}/gi,
  /\bAIza[\w-]{20,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
  /(?<=[?&](?:key|api[-_]?key|token|access_token)=)[^&\s"']+/gi,
  /(?<=:\/\/[^\s/:@]{0,100}:)[^\s/@]+(?=@)/g,
];

/**
 * Hides credentials in a text that is about to be logged: those known by value, in each form they may have
 * been copied in, and whatever looks like one.
 */
export function redactor(secrets: () => readonly string[]): Redactor {
  let [values, known] = [NONE, NONE];
  return (text, alsoHidden = []) => {
    const now = secrets();
    if (now !== values) [values, known] = [now, now.flatMap(formsOf)];
    let clean = text;
    for (const value of known) clean = clean.replaceAll(value, HIDDEN);
    for (const value of alsoHidden.flatMap(formsOf)) clean = clean.replaceAll(value, HIDDEN);
    for (const pattern of CREDENTIALS) clean = clean.replace(pattern, HIDDEN);
    return clean;
  };
}

function formsOf(value: string): string[] {
  if (value.length < SHORTEST_SECRET) return [];
  const bytes = Buffer.from(value);
  const forms = [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}
