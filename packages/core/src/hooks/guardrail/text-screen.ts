import { GatewayError } from '../../errors/gateway-error.ts';
import type { Guardrail, StreamScreening, Verdict } from '../../types/guardrail.ts';
import type { MaybePromise } from '../../types/json.ts';
import { andThen, isPromise } from '../../stream/maybe-promise.ts';
import { applyEdits, merged } from './edits.ts';
import { type Bench, blockedBy, judge } from './judge.ts';

/** One text that grows: what is pushed comes out again as far as it is judged, the rest at the flush. */
export type TextScreen = {
  push(text: string): MaybePromise<string>;
  flush(): MaybePromise<string>;
};

export type TextScreenOptions = {
  readonly guardrail: Guardrail;
  readonly bench: Bench;
  readonly place: string;
  /** Ends the stream from the side, for verdicts that come when nobody waits for them. */
  readonly cut: (error: unknown) => void;
};

export const DEFAULT_SCREENING: StreamScreening = { mode: 'window', characters: 256 };

/** Context in front of what is judged, enough to see where a word begins. */
const LOOK_BEHIND = 32;
const OBSERVED_CHARACTERS = 256;
const MOST_HELD = 16 * 1024 * 1024;

export function textScreen(screening: StreamScreening, options: TextScreenOptions): TextScreen {
  switch (screening.mode) {
    case 'buffer':
      return bufferScreen(options);
    case 'window':
      return windowScreen(screening.characters, options);
    case 'observe':
      return observeScreen(options);
  }
}

function bufferScreen({ guardrail, bench, place }: TextScreenOptions): TextScreen {
  let held = '';
  return {
    push(text) {
      held = joined(held, text);
      return '';
    },
    flush() {
      const text = held;
      held = '';
      if (text === '') return '';
      return andThen(judge(guardrail, text, { place }, bench), (verdict) => {
        if (verdict.action === 'block') throw blockedBy(guardrail, verdict.reason, bench);
        return verdict.action === 'redact' ? applyEdits(text, verdict.edits) : text;
      });
    },
  };
}

/**
 * Holds back the last `size` characters. Whatever is found and begins before them lies before the end of what
 * is known, so it is whole and its neighbours are in sight; what begins within them waits and is found again.
 * Each check sees the window, the new text and a little of what has left: never the whole.
 */
function windowScreen(size: number, { guardrail, bench, place }: TextScreenOptions): TextScreen {
  let left = '';
  let held = '';
  let leftWithinEdit = false;

  function release(isLast: boolean): MaybePromise<string> {
    const text = left + held;
    return andThen(judge(guardrail, text, { place, from: left.length }, bench), (verdict) => settle(text, verdict, isLast));
  }

  function settle(text: string, verdict: Verdict, isLast: boolean): string {
    const from = left.length;
    const limit = isLast ? text.length : afterPair(text, Math.max(from, text.length - size));
    if (verdict.action === 'block') {
      if (verdict.span === undefined || verdict.span.start < limit) throw blockedBy(guardrail, verdict.reason, bench);
      // It may turn out to be something else. Until then nothing leaves: what stands before it was not judged for less.
      return '';
    }

    let released = '';
    let at = from;
    for (const { start, end, replacement } of verdict.action === 'redact' ? merged(verdict.edits) : []) {
      if (end <= from) continue;
      if (start >= limit) break;
      // A finding that overlaps one already replaced goes without a second replacement.
      if (start >= from) released += text.slice(at, start) + replacement;
      else if (!leftWithinEdit) released += replacement;
      at = end;
    }
    const to = Math.max(at, limit);
    if (to > from) leftWithinEdit = at === to && at > from;
    released += text.slice(at, to);
    left = text.slice(Math.max(0, to - LOOK_BEHIND), to);
    held = text.slice(to);
    return released;
  }

  return {
    push(text) {
      held += text;
      return held.length > size ? release(false) : '';
    },
    flush: () => (held === '' ? '' : release(true)),
  };
}

/** Passes at once. One check runs at a time; what comes meanwhile waits for the next. */
function observeScreen({ guardrail, bench, place, cut }: TextScreenOptions): TextScreen {
  let seen = '';
  let fresh = '';
  let running: Promise<void> | undefined;

  function check(isLast: boolean): MaybePromise<void> {
    const text = seen + fresh;
    const from = seen.length;
    seen = text.slice(-OBSERVED_CHARACTERS);
    fresh = '';
    return andThen(judge(guardrail, text, { place, from }, bench), (verdict) => obey(text, from, verdict, isLast));
  }

  function obey(text: string, from: number, verdict: Verdict, isLast: boolean): void {
    if (verdict.action === 'allow') return;
    const reason = verdict.action === 'block' ? verdict.reason : 'what it redacts has been sent already';
    const finding = verdict.action === 'block' ? (verdict.span ?? { start: 0, end: 0 }) : merged(verdict.edits).find(({ end }) => end > from);
    if (finding === undefined) return;
    const mayGrow = !isLast && finding.end === text.length && text.length - finding.start <= OBSERVED_CHARACTERS;
    if (!mayGrow) throw blockedBy(guardrail, reason, bench);
    reopen(text, finding.start);
  }

  /** A finding that touches the end may be the beginning of something else: it is judged again with what follows. */
  function reopen(text: string, start: number): void {
    seen = text.slice(Math.max(0, start - LOOK_BEHIND), start);
    fresh = text.slice(start) + fresh;
  }

  async function follow(first: Promise<void>): Promise<void> {
    await first;
    while (fresh !== '') {
      const known = fresh;
      await check(false);
      if (fresh === known) return;
    }
  }

  function start(): void {
    const checking = check(false);
    if (!isPromise(checking)) return;
    running = follow(checking).finally(() => {
      running = undefined;
    });
    running.catch(cut);
  }

  return {
    push(text) {
      fresh += text;
      if (!running) start();
      return text;
    },
    flush() {
      const finish = (): MaybePromise<string> => (fresh === '' ? '' : andThen(check(true), () => ''));
      return running ? running.then(finish) : finish();
    },
  };
}

/**
 * What is held grows with the answer, but not for ever.
 * @throws GatewayError `upstream_invalid_answer`.
 */
export function joined(held: string, text: string): string {
  if (held.length + text.length > MOST_HELD)
    throw new GatewayError('upstream_invalid_answer', `The provider's stream has a text of over ${MOST_HELD} characters, more than guardrails hold back`);
  return held + text;
}

/** A character of two units is not cut in the middle: half of one is no valid text. */
function afterPair(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return index > 0 && unit >= 0xdc00 && unit <= 0xdfff ? index + 1 : index;
}
