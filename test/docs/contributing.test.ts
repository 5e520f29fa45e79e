import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as core from '@sluice/core';
import * as routing from '@sluice/core/routing';
import * as testing from '@sluice/testing';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = readFileSync(`${root}CONTRIBUTING.md`, 'utf8');
const recipes = text.split(/^## /m).slice(1);

describe('CONTRIBUTING', () => {
  it('has recipes of at most eight steps', () => {
    for (const recipe of recipes) expect((recipe.match(/^\d+\. /gm) ?? []).length).toBeLessThanOrEqual(8);
  });

  it('names contract suites and helpers that exist', () => {
    const suites = [...text.matchAll(/`(\w+Contract)`/g)].map(([, name]) => name ?? '');
    const helpers = [...text.matchAll(/`(define\w+)/g)].map(([, name]) => name ?? '');
    expect(suites.length).toBeGreaterThan(4);
    expect(suites.filter((name) => !(name in testing))).toEqual([]);
    expect(helpers.filter((name) => !(name in core || name in routing))).toEqual([]);
  });

  it('names files and folders that exist', () => {
    const paths = [...text.matchAll(/`((?:packages|examples|tools|docs)\/[\w./-]+)`/g)].map(([, path]) => path ?? '');
    expect(paths.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
  });
});
