import { expect, it } from 'vitest';
import { replaceSection } from './replace-section.ts';

const page = '# Page\n\nText.\n\n## One\n\nfirst\n\n### Below\n\nmore\n\n## Two\n\nsecond\n';

it('puts a section in place of the one with its heading, and leaves the others', () => {
  expect(replaceSection(page, 'One', 'new')).toBe('# Page\n\nText.\n\n## One\n\nnew\n\n## Two\n\nsecond\n');
  expect(replaceSection(page, 'Two', 'new')).toBe('# Page\n\nText.\n\n## One\n\nfirst\n\n### Below\n\nmore\n\n## Two\n\nnew\n');
  expect(replaceSection(page, 'Three', 'new')).toBe(`${page}\n## Three\n\nnew\n`);
  expect(replaceSection(replaceSection(page, 'One', 'new'), 'One', 'first\n\n### Below\n\nmore')).toBe(page);
});
