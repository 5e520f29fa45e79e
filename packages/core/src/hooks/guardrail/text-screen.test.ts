import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { Guardrail, GuardrailText, StreamScreening, Verdict } from '../../types/guardrail.ts';
import { applyEdits } from './edits.ts';
import { textScreen } from './text-screen.ts';

const bench = { direction: 'output', signal: new AbortController().signal, onError: () => undefined } as const;
const WINDOW = 12;

/** Finds words of its list as whole words, and says where. */
function words(list: readonly string[], action: 'block' | 'redact', later = false): Guardrail {
  const pattern = new RegExp(`(?<!\\w)(?:${list.join('|')})(?!\\w)`, 'g');
  const verdictOf = ({ text, from }: GuardrailText): Verdict => {
    const edits = [...text.matchAll(pattern)]
      .map(({ 0: word, index }) => ({ start: index, end: index + word.length, replacement: '[x]' }))
      .filter(({ end }) => end > from);
    const [first] = edits;
    if (!first) return { action: 'allow' };
    return action === 'block' ? { action, reason: 'a word', span: first } : { action, edits };
  };
  return { name: 'words', check: (text) => (later ? Promise.resolve().then(() => verdictOf(text)) : verdictOf(text)) };
}

type Seen = { readonly released: string; readonly blocked: boolean; readonly mostHeld: number };

async function feed(guardrail: Guardrail, screening: StreamScreening, pieces: readonly string[]): Promise<Seen> {
  const cuts: unknown[] = [];
  const screen = textScreen(screening, { guardrail, bench, place: 'p', cut: (error) => cuts.push(error) });
  let released = '';
  let pushed = 0;
  let mostHeld = 0;
  try {
    for (const piece of pieces) {
      released += await screen.push(piece);
      pushed += piece.length;
      mostHeld = Math.max(mostHeld, pushed - released.length);
    }
    released += await screen.flush();
    return { released, blocked: cuts.length > 0, mostHeld };
  } catch (error) {
    if (!GatewayError.is(error) || error.code !== 'guardrail_blocked') throw error;
    return { released, blocked: true, mostHeld };
  }
}

const text = fc
  .array(fc.constantFrom('cat', 'dog', 'catdog', 'egory', 'a', ' ', '-', '\u{1F600}', 'secret word'), { maxLength: 40 })
  .map((parts) => parts.join(''));
const cut = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 });

function pieces(whole: string, sizes: readonly number[]): string[] {
  const result: string[] = [];
  for (let at = 0, turn = 0; at < whole.length; turn += 1) {
    const size = sizes[turn % sizes.length] as number;
    result.push(whole.slice(at, at + size));
    at += size;
  }
  return result;
}

const LIST = ['cat', 'dog-cat', 'secret word', 'a'];

describe.each([
  ['at once', false],
  ['later', true],
])('a window, with a guardrail that answers %s', (_name, later) => {
  const window = { mode: 'window', characters: WINDOW } as const;

  it('redacts as on the whole text, however it is cut', async () => {
    const guardrail = words(LIST, 'redact', later);
    await fc.assert(
      fc.asyncProperty(text, cut, async (whole, sizes) => {
        const verdict = await guardrail.check({ text: whole, from: 0, place: 'p', ...bench });
        const expected = verdict.action === 'redact' ? applyEdits(whole, verdict.edits) : whole;
        expect((await feed(guardrail, window, pieces(whole, sizes))).released).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('blocks exactly when the whole text would be blocked, and lets out nothing from the finding on', async () => {
    const guardrail = words(LIST, 'block', later);
    await fc.assert(
      fc.asyncProperty(text, cut, async (whole, sizes) => {
        const verdict = await guardrail.check({ text: whole, from: 0, place: 'p', ...bench });
        const seen = await feed(guardrail, window, pieces(whole, sizes));
        expect(seen.blocked).toBe(verdict.action === 'block');
        expect(whole.startsWith(seen.released)).toBe(true);
        if (verdict.action === 'block') expect(seen.released.length).toBeLessThanOrEqual(verdict.span?.start ?? 0);
        else expect(seen.released).toBe(whole);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a window', () => {
  it('holds back no more than its characters, and shows a guardrail no more than it needs', async () => {
    let longest = 0;
    const guardrail: Guardrail = {
      name: 'meter',
      check({ text: shown }) {
        longest = Math.max(longest, shown.length);
        return { action: 'allow' };
      },
    };
    const { released, mostHeld } = await feed(guardrail, { mode: 'window', characters: 50 }, pieces('0123456789'.repeat(500), [3, 7]));
    expect(released).toHaveLength(5000);
    expect(mostHeld).toBe(50);
    expect(longest).toBeLessThanOrEqual(50 + 32 + 7);
  });

  it('never cuts a character of two units', async () => {
    const screen = textScreen({ mode: 'window', characters: 3 }, { guardrail: words(['x'], 'redact'), bench, place: 'p', cut: () => undefined });
    for (let count = 0; count < 20; count += 1) expect(await screen.push('\u{1F600}')).not.toMatch(/\p{Surrogate}/u);
  });

  it('replaces overlapping findings once', async () => {
    const overlapping: Guardrail = {
      name: 'overlap',
      check: ({ text: shown }) => ({
        action: 'redact',
        edits: ['abcde', 'defgh'].flatMap((word) =>
          shown.includes(word) ? [{ start: shown.indexOf(word), end: shown.indexOf(word) + 5, replacement: '[x]' }] : [],
        ),
      }),
    };
    for (const size of [1, 2, 3, 20])
      expect((await feed(overlapping, { mode: 'window', characters: 5 }, pieces('__abcdefgh__', [size]))).released).toBe('__[x]__');
  });
});

describe('observing', () => {
  it.each([
    ['at once', false],
    ['later', true],
  ])('passes all that is clean and cuts at what is not, with a guardrail that answers %s', async (_name, later) => {
    await fc.assert(
      fc.asyncProperty(text, cut, fc.constantFrom('block' as const, 'redact' as const), async (whole, sizes, action) => {
        const guardrail = words(LIST, action, later);
        const verdict = await guardrail.check({ text: whole, from: 0, place: 'p', ...bench });
        const seen = await feed(guardrail, { mode: 'observe' }, pieces(whole, sizes));
        expect(seen.blocked).toBe(verdict.action !== 'allow');
        if (!seen.blocked) expect(seen.released).toBe(whole);
        if (!seen.blocked) expect(seen.mostHeld).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a buffer', () => {
  it('lets nothing out before all is judged', async () => {
    const screen = textScreen({ mode: 'buffer' }, { guardrail: words(['cat'], 'redact'), bench, place: 'p', cut: () => undefined });
    expect(await screen.push('a c')).toBe('');
    expect(await screen.push('at ')).toBe('');
    expect(await screen.flush()).toBe('a [x] ');
  });
});
