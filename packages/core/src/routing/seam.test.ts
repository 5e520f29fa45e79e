import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Seam } from './seam.ts';

function joined(told: string, continues: 'after' | 'whole', pieces: readonly string[]): string {
  const seam = new Seam(told, continues);
  return told + pieces.map((piece) => seam.take(piece)).join('') + seam.rest();
}

describe('a seam', () => {
  it.each([
    ['only what comes after', 'One two ', 'after', ['three']],
    ['the white space that was not sent', 'One two ', 'after', [' three']],
    ['all of it once more', 'One two ', 'whole', ['One ', 'two', ' three']],
    ['all of it, in one piece with what is new', 'One two ', 'whole', ['One two three']],
    ['only what comes after, where all was expected', 'One two ', 'whole', ['three']],
  ] as const)('takes %s', (_, told, continues, pieces) => {
    expect(joined(told, continues, pieces)).toBe('One two three');
  });

  it('keeps what begins like a repetition and is none', () => {
    expect(joined('One two ', 'whole', ['One', ' more'])).toBe('One two One more');
    expect(joined('One two ', 'whole', ['One'])).toBe('One two One');
    expect(joined('ha', 'after', ['ha', 'ha'])).toBe('hahaha');
    expect(joined('a\n', 'after', ['\n', '\nb'])).toBe('a\n\nb');
  });

  test('repeats and loses nothing, wherever answers are cut (P29)', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 });
    fc.assert(
      fc.property(
        fc.stringMatching(/^[ab \n]{1,12}$/),
        fc.stringMatching(/^[ab \n]{0,12}$/),
        cuts,
        fc.constantFrom('after' as const, 'whole' as const),
        (told, rest, sizes, continues) => {
          fc.pre(told.trim() !== '');
          const sent = told.trimEnd();
          // The model goes on from what was sent, so the white space that was not comes again.
          const answer = `${continues === 'whole' ? sent : ''}${told.slice(sent.length)}${rest}`;
          const pieces: string[] = [];
          for (let at = 0, index = 0; at < answer.length; index += 1) pieces.push(answer.slice(at, (at += sizes[index % sizes.length] as number)));
          expect(joined(told, continues, pieces)).toBe(told + rest);
        },
      ),
    );
  });
});
