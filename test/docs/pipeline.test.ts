import { readFileSync } from 'node:fs';
import { ERROR_CODES, PHASES } from '@sluice/core';
import { describe, expect, it } from 'vitest';

const text = readFileSync(new URL('../../docs/pipeline.md', import.meta.url), 'utf8');
const life = text.slice(text.indexOf('## The life of a call'), text.indexOf('## Phases'));

describe('docs/pipeline.md', () => {
  it('shows where each error code arises, and none that does not exist', () => {
    const shown = [...life.matchAll(/`([a-z]+(?:_[a-z]+)+|aborted|internal)`/g)].map(([, code]) => code);
    const { configuration_invalid: _atStartUp, ...duringCalls } = ERROR_CODES;
    expect([...new Set(shown)].sort()).toEqual(Object.keys(duringCalls).sort());
  });

  it('lists the phases in the order they run', () => {
    const drawn = text.match(/^caller ─► (.+) ─► provider/m)?.[1]?.split(' ─► ');
    const inTable = [...text.matchAll(/^\| `([a-z-]+)` \|/gm)]
      .map(([, name]) => name)
      .filter((name) => (PHASES as readonly (string | undefined)[]).includes(name));
    expect(drawn).toEqual(PHASES);
    expect(inTable).toEqual(PHASES);
  });
});
