import type { Guardrail, Verdict } from '../../types/guardrail.ts';
import type { MaybePromise } from '../../types/json.ts';
import { applyEdits } from './edits.ts';
import { type Bench, blockedBy, judge } from './judge.ts';
import { findTexts, type FoundText, type Path, type Scope, toPlace, withText } from './texts.ts';

/** So many texts are with one guardrail at a time. */
const PARALLEL = 16;

/** A tool call carries JSON inside a string. */
const JSON_FIELDS: ReadonlySet<string> = new Set(['arguments', 'partial_json']);

/**
 * A whole JSON value as the guardrails leave it, one after the other: each judges what the one before it has
 * redacted. The very same value when nothing was.
 * @throws GatewayError `guardrail_blocked`, `guardrail_failed`.
 */
export async function screenValue<T>(value: T, guardrails: readonly Guardrail[], bench: Bench, base: Path = []): Promise<T> {
  let screened: unknown = value;
  for (const guardrail of guardrails) screened = await screenOnce(screened, guardrail, bench, base, { withTokens: bench.direction === 'input' });
  return screened as T;
}

async function screenOnce(value: unknown, guardrail: Guardrail, bench: Bench, base: Path, scope: Scope): Promise<unknown> {
  const { texts, joined } = findTexts(value, base, scope);
  const before = texts.map(({ text }) => text);
  for (const text of texts) if (JSON_FIELDS.has(String(text.path.at(-1)))) await screenEmbedded(text, guardrail, bench);
  for (let index = 0; index < texts.length; index += PARALLEL) await screenTexts(texts.slice(index, index + PARALLEL), guardrail, bench);
  for (const parts of joined) await screenJoined(parts, guardrail, bench);

  let result = value;
  // Names last and innermost first: a new name ends the paths through it.
  const changed = texts
    .filter(({ text }, index) => text !== before[index])
    .sort((a, b) => Number(a.isName) - Number(b.isName) || b.path.length - a.path.length);
  for (const { path, text, isName } of changed) result = withText(result, path.slice(base.length), text, { ...scope, isName });
  return result;
}

async function screenTexts(texts: readonly FoundText[], guardrail: Guardrail, bench: Bench): Promise<void> {
  const verdicts = await Promise.all(texts.map(({ text, path }) => caught(() => judge(guardrail, text, { place: toPlace(path) }, bench))));
  verdicts.forEach((verdict, index) => {
    const found = texts[index] as FoundText;
    found.text = obeyed(verdict, found.text, guardrail, bench);
  });
}

/** Escapes such as `\u0062` hide a word from who reads the string and not from who parses it, so both are judged. */
async function screenEmbedded(found: FoundText, guardrail: Guardrail, bench: Bench): Promise<void> {
  const inner = parsed(found.text);
  if (inner === null || typeof inner !== 'object') return;
  const screened = await screenOnce(inner, guardrail, bench, found.path, { withNumbers: true, withTokens: true });
  if (screened !== inner) found.text = JSON.stringify(screened);
}

/** What is spread over several parts is found in none of them. */
async function screenJoined(parts: readonly FoundText[], guardrail: Guardrail, bench: Bench): Promise<void> {
  const whole = parts.map(({ text }) => text).join('');
  const verdict = await judge(guardrail, whole, { place: toPlace((parts[0] as FoundText).path.slice(0, -2)) }, bench);
  if (verdict.action === 'block') throw blockedBy(guardrail, verdict.reason, bench);
  if (verdict.action === 'allow') return;
  let end = whole.length;
  for (const part of [...parts].reverse()) {
    const start = end - part.text.length;
    const own = verdict.edits
      .filter((edit) => edit.start < end && edit.end > start)
      // The replacement stands where the finding begins.
      .map((edit) => ({
        start: Math.max(edit.start, start) - start,
        end: Math.min(edit.end, end) - start,
        replacement: edit.start >= start ? edit.replacement : '',
      }));
    part.text = applyEdits(part.text, own);
    end = start;
  }
}

function obeyed(verdict: Verdict, text: string, guardrail: Guardrail, bench: Bench): string {
  switch (verdict.action) {
    case 'allow':
      return text;
    case 'redact':
      return applyEdits(text, verdict.edits);
    case 'block':
      throw blockedBy(guardrail, verdict.reason, bench);
  }
}

/** Turns a throw into a rejection, so that no other verdict is left behind unheard. */
function caught(work: () => MaybePromise<Verdict>): MaybePromise<Verdict> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
