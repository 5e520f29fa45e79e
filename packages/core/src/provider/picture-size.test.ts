import { describe, expect, it } from 'vitest';
import { readSides, toAspectRatio } from './picture-size.ts';

const RATIOS = ['1:1', '16:9', '3:2', '9:16'];
const refuse = (param: string): void => {
  throw new Error(`refused: ${param}`);
};

describe('a size', () => {
  it.each([
    ['1792x1024', { width: 1792, height: 1024 }],
    ['1360:768', { width: 1360, height: 768 }],
    ['auto', undefined],
    ['16:10', undefined],
    ['huge', undefined],
    [undefined, undefined],
  ])('%s has the sides %o', (size, sides) => {
    expect(readSides(size)).toEqual(sides);
  });

  it.each([
    ['1024x1024', '1:1'],
    ['1792x1024', '16:9'],
    ['1024x1792', '9:16'],
    ['16:9', '16:9'],
    ['16:10', '3:2'],
    ['auto', undefined],
    [undefined, undefined],
  ])('%s is drawn as %s', (size, ratio) => {
    expect(toAspectRatio(size, RATIOS, refuse)).toBe(ratio);
  });

  it.each(['300x100', 'huge', '2:1', 'x'])('%s is not drawn as something far from it', (size) => {
    expect(() => toAspectRatio(size, RATIOS, refuse)).toThrow('refused: size');
  });
});
