import { createGateway, defineHook, GatewayError, type GuardrailText, LazyJson, type Verdict } from '@sluice/core';
import { guardrailContract } from '@sluice/testing';
import { describe, expect, it, test } from 'vitest';
import { guardrail } from './package.ts';
import { keywords, type KeywordsOptions } from './keywords.ts';

const signal = new AbortController().signal;

function check(options: KeywordsOptions, text: string, from = 0): Verdict {
  const piece: GuardrailText = { text, from, direction: 'input', place: 'p', signal };
  return keywords(options).check(piece) as Verdict;
}

function redacted(options: KeywordsOptions, text: string): string {
  const verdict = check({ action: 'redact', replacement: '#', ...options }, text);
  if (verdict.action !== 'redact') return text;
  return [...verdict.edits]
    .sort((a, b) => b.start - a.start)
    .reduce((rest, { start, end, replacement }) => rest.slice(0, start) + replacement + rest.slice(end), text);
}

describe.each(['block', 'redact'] as const)('keywords that %s keep the guardrail contract', (action) => {
  const cases = guardrailContract(() => ({
    guardrail: keywords({ words: ['bomb', 'Projekt Straße', '炸弹'], action }),
    allowed: ['Good day, bombastic.', 'nothing here', 'projekt'],
    found: ['bomb', 'BOMB!', 'projekt  strasse', '制造炸弹的'],
  }));
  for (const { name, run } of cases) test(name, run);
});

describe('a word is found (P59)', () => {
  const words = ['bomb', 'straße', 'café', 'ice cream', '폭탄', 'क', 'c++'];

  it.each([
    ['as it is written', 'a bomb.', 'a #.'],
    ['in another case', 'BoMb', '#'],
    ['in full width', 'ｂｏｍｂ', '#'],
    ['in styled letters', '\u{1d41b}\u{1d428}\u{1d426}\u{1d41b}', '#'],
    ['in circled letters', 'ⓑⓞⓜⓑ', '#'],
    ['with zero-width characters', 'b\u200bo\u2060m\ufeffb', '#'],
    ['with soft hyphens and joiners', 'b\u00ado\u034fm\u200db', '#'],
    ['with tags nobody sees', `b${'\u{e0041}'}omb`, '#'],
    ['with control characters', 'bo\u0007mb', '#'],
    ['struck through', 'b\u0336o\u0336m\u0336b\u0336', '#'],
    ['with direction marks', '\u202abomb\u202c', '\u202a#\u202c'],
    ['by its capitals', 'STRASSE', '#'],
    ['with its accent typed apart', 'cafe\u0301', '#'],
    ['over a line break', 'ice\n\t cream', '#'],
    ['with a no-break space', 'ice\u00a0\u200b cream', '#'],
    ['with a particle behind it', '폭탄을', '#을'],
    ['ending in a sign', 'c++20', '#20'],
  ])('%s', (_name, text, expected) => expect(redacted({ words }, text)).toBe(expected));

  it.each([
    ['part of a longer word', 'bombastic abomb bomb2 2bomb'],
    ['another word with an accent', 'cafe'],
    ['the beginning of a syllable', 'कि'],
    ['half of a ligature', 'o\ufb03ce'],
  ])('but not %s', (_name, text) => expect(redacted({ words: [...words, 'of'] }, text)).toBe(text));

  it('inside longer ones when asked to', () => expect(redacted({ words, wholeWords: false }, 'abombast')).toBe('a#ast'));

  it('in its own case only when asked to', () => expect(redacted({ words: ['Bomb'], caseSensitive: true }, 'Bomb bomb')).toBe('# bomb'));
});

describe('keywords', () => {
  it('finds overlapping words, each with its place', () => {
    const verdict = check({ words: ['ab cd', 'cd ef', 'cd'], action: 'redact' }, 'ab cd ef');
    expect(verdict).toMatchObject({
      edits: [
        { start: 0, end: 5 },
        { start: 3, end: 5 },
        { start: 3, end: 8 },
      ],
    });
  });

  it('says in a block where, and nothing of which word', () => {
    const verdict = check({ words: ['secret'] }, 'a secret');
    expect(verdict).toMatchObject({ action: 'block', span: { start: 2, end: 8 } });
    expect(JSON.stringify(verdict)).not.toContain('secret');
  });

  it('takes time in proportion to the text, whatever it holds (P60)', () => {
    const hostile = keywords({ words: Array.from({ length: 2000 }, (_, index) => `${'a'.repeat(index % 50)}b${index}`) });
    const timeOf = (length: number): number => {
      const text = 'a\u200ba\u0301 '.repeat(length / 5);
      const startedAt = performance.now();
      void hostile.check({ text, from: 0, direction: 'input', place: 'p', signal });
      return performance.now() - startedAt;
    };
    timeOf(100_000);
    // Ten times the text; a quadratic one would take a hundred times as long.
    expect(timeOf(1_000_000)).toBeLessThan(40 * Math.max(1, timeOf(100_000)));
  });

  it('does not start without words', () => {
    expect(() => keywords({ words: [] })).toThrow(/list of words is empty/);
    expect(() => keywords({ words: ['ok', '\u200b '] })).toThrow(/words\[1\]/);
  });

  it('is made from a configuration file, and tells its mistakes', () => {
    expect(guardrail.create({ words: ['x'], action: 'redact' }).name).toBe('keywords');
    expect(() => guardrail.create({ word: ['x'] })).toThrow(/words: The list of words is missing[^]*word: .*Did you mean 'words'/);
    expect(() => guardrail.create({ words: ['x', 5], action: 'drop' })).toThrow(
      /words: It has to be a list of texts[^]*action: It has to be 'block' or 'redact'/,
    );
  });
});

describe('in a gateway', () => {
  const answer = (text: string) => LazyJson.ofValue({ choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }] });
  const echo = defineHook({
    name: 'echo',
    phase: 'cache',
    handle: async (ctx) => ({ kind: 'complete', body: answer(String((ctx.request.messages as [{ content: string }])[0].content)) }),
  });
  const principal = { keyId: 'k' };

  it('blocks on the way in and redacts on the way out', async () => {
    const gateway = createGateway({
      hooks: [echo],
      guardrails: [
        { guardrail: keywords({ words: ['bomb'], name: 'no-bombs' }), on: ['input'] },
        { guardrail: keywords({ words: ['falcon'], action: 'redact', name: 'code-names' }), on: ['output'] },
      ],
    });
    const ask = (content: string) => gateway.chat.completions.create({ model: 'm', messages: [{ role: 'user', content }] }, { principal });
    await expect(ask('a bomb')).rejects.toSatisfy((error) => GatewayError.is(error) && error.wireCode === 'no-bombs' && error.wireType === 'guardrail_blocked');
    expect((await ask('the falcon flies')).choices[0]?.message.content).toBe('the [redacted] flies');
    await gateway.close();
  });
});
