import { describe, expect, test } from 'vitest';
import { belowMount, mountPath } from './mount-path.ts';

describe('a mount path', () => {
  test.each([
    ['/ai', '/ai'],
    ['/ai/', '/ai'],
    ['/outer/ai', '/outer/ai'],
    ['/', ''],
  ])('%s is taken as %s', (given, taken) => expect(mountPath(given, 'prefix')).toBe(taken));

  test.each(['', 'ai', '/ai/*splat', '/:tenant', '/ai?x', '/{ai}'])("'%s' is refused at start-up, with its place", (given) => {
    expect(() => mountPath(given, 'prefix')).toThrow(/prefix: has to be a fixed path/);
  });
});

describe('a URL below the mount', () => {
  test.each([
    ['/ai/v1/models?a=b', '/v1/models?a=b'],
    ['/ai', '/'],
    ['/ai?a=b', '/?a=b'],
    ['/ai/', '/'],
    ['/aix', undefined],
    ['/AI/v1', undefined],
    ['/v1/ai', undefined],
  ])('%s is %s under /ai', (url, below) => expect(belowMount(url, '/ai')).toBe(below));

  test('is the URL itself at the root', () => expect(belowMount('/v1/models', '')).toBe('/v1/models'));
});
