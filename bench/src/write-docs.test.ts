import { describe, expect, it } from 'vitest';
import { replaceSection } from './write-docs.ts';

const document = '# Title\n\n<!-- bench:a -->\nold\n<!-- /bench:a -->\n\nText after.\n';

describe('replaceSection', () => {
  it('replaces what stands between the markers and keeps the rest', () => {
    expect(replaceSection(document, 'a', 'new')).toBe('# Title\n\n<!-- bench:a -->\n\nnew\n\n<!-- /bench:a -->\n\nText after.\n');
  });

  it('adds a section that is not there yet', () => {
    expect(replaceSection('# Title\n', 'b', 'new')).toBe('# Title\n\n<!-- bench:b -->\n\nnew\n\n<!-- /bench:b -->\n');
  });

  it('writes the same twice', () => {
    const once = replaceSection(document, 'a', 'new');
    expect(replaceSection(once, 'a', 'new')).toBe(once);
  });
});
