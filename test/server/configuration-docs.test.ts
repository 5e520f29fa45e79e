import { readFileSync } from 'node:fs';
import { KEY_TABLE } from '@sluice/config';
import { describe, expect, it } from 'vitest';
import { withTables } from '../../tools/configuration-docs.mjs';

describe('docs/configuration.md', () => {
  it('has every key that is known (else run: node tools/configuration-docs.mjs)', () => {
    const text = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    expect(withTables(text, KEY_TABLE)).toBe(text);
  });
});
