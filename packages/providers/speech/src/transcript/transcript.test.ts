import { describe, expect, it } from 'vitest';
import { segmentsOf } from './segments.ts';
import { toSrt, toVtt } from './subtitles.ts';
import type { Word } from './transcript.ts';

const words = (...said: readonly (readonly [text: string, start: number, end: number, more?: Partial<Word>])[]): Word[] =>
  said.map(([text, start, end, more]) => ({ text, start, end, ...more }));

const textsOf = (heard: readonly Word[]): string[] => segmentsOf({ text: '', words: heard }).map(({ text }) => text);

describe('words become segments', () => {
  it('that end with a sentence, a pause or a speaker', () => {
    expect(textsOf(words(['Hello', 0, 0.4], ['there.', 0.5, 0.9], ['How', 1, 1.2], ['are', 1.2, 1.4], ['you', 2.5, 2.7]))).toEqual([
      'Hello there.',
      'How are',
      'you',
    ]);
    expect(textsOf(words(['Yes', 0, 1, { speaker: 'A' }], ['No', 1, 2, { speaker: 'B' }]))).toEqual(['Yes', 'No']);
    expect(textsOf(words(['„Nein.“', 0, 1], ['Doch', 1, 2]))).toEqual(['„Nein.“', 'Doch']);
  });

  it('that are no longer than two lines or ten seconds', () => {
    const many = words(...Array.from({ length: 60 }, (_, index) => [`word${index}`, index / 10, index / 10 + 0.1] as const));
    for (const text of textsOf(many)) expect(text.length).toBeLessThan(92);
    expect(textsOf(many).join(' ')).toBe(many.map(({ text }) => text).join(' '));
    expect(textsOf(words(['slow', 0, 6], ['er', 6, 11]))).toEqual(['slow', 'er']);
  });

  it('with what stands between them, where the host says that', () => {
    expect(textsOf(words(['你', 0, 1, { space: '' }], ['好', 1, 2, { space: '' }]))).toEqual(['你好']);
  });

  it('and are left to the host that has cut them', () => {
    const segments = [{ text: 'Hello', start: 0, end: 1 }];
    expect(segmentsOf({ text: '', words: words(['x', 0, 1]), segments })).toBe(segments);
  });
});

describe('subtitles', () => {
  const segments = [
    { text: ' Hello\n\nthere --> you ', start: 0.0004, end: 1.9996 },
    { text: 'End', start: 3599.999, end: 3_723.5 },
  ];

  it('in SubRip', () => {
    expect(toSrt(segments)).toBe('1\n00:00:00,000 --> 00:00:02,000\nHello there -> you\n\n2\n00:59:59,999 --> 01:02:03,500\nEnd\n\n');
    expect(toSrt([])).toBe('');
  });

  it('in WebVTT', () => {
    expect(toVtt(segments)).toBe('WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nHello there -> you\n\n00:59:59.999 --> 01:02:03.500\nEnd\n\n');
    expect(toVtt([])).toBe('WEBVTT\n\n');
  });
});
