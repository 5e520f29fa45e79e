import { type ConfigurationProblem, didYouMean } from '@sluice/core';
import type { z } from 'zod';
import { homesOf, keysOf } from './key-table.ts';
import { UNSUPPORTED } from './schema/unsupported-keys.ts';
import { formatPath, type Path, type YamlSource } from './yaml-source.ts';

/** What is wrong with a file, and what is merely worth saying, as it is found. */
export class Findings {
  readonly problems: ConfigurationProblem[] = [];
  readonly notes: ConfigurationProblem[] = [];
  readonly #source: YamlSource;
  readonly #unsupported: 'refuse' | 'note';
  /** One mistake a place: what follows from the first would only confuse. */
  readonly #told = new Set<string>();
  readonly #offsets = new WeakMap<ConfigurationProblem, number>();

  constructor(source: YamlSource, unsupported: 'refuse' | 'note') {
    this.#source = source;
    this.#unsupported = unsupported;
  }

  /** What was found in the order of the file, what is about other files last. */
  inOrder(found: readonly ConfigurationProblem[]): ConfigurationProblem[] {
    const offset = (problem: ConfigurationProblem): number => this.#offsets.get(problem) ?? Number.MAX_SAFE_INTEGER;
    return [...found].sort((a, b) => offset(a) - offset(b));
  }

  mistake(path: Path, message: string, suggestion?: string): void {
    if (this.#told.has(formatPath(path))) return;
    this.#told.add(formatPath(path));
    this.problems.push(this.#problem(path, 'value', message, suggestion));
  }

  /** Whether anything below `path` was found wrong. */
  isWrongBelow(path: Path): boolean {
    const prefix = `${formatPath(path)}.`;
    return [...this.#told].some((place) => place.startsWith(prefix));
  }

  note(path: Path, message: string, of: 'key' | 'value' = 'value'): void {
    this.notes.push(this.#problem(path, of, message));
  }

  /** A key or value of LiteLLM's that is not built yet. */
  notYet(path: Path, what: string, of: 'key' | 'value' = 'value'): void {
    const problem = this.#problem(path, of, `${what} is not supported yet`);
    (this.#unsupported === 'note' ? this.notes : this.problems).push(problem);
  }

  /** What the schema says of the data below `base`. */
  schema(issues: readonly z.core.$ZodIssue[], base: Path = []): void {
    for (const issue of issues) {
      const path = [...base, ...(issue.path as Path)];
      const meant = meantOf(issue);
      if (meant) {
        this.schema(meant, path);
        continue;
      }
      if (issue.code === 'unrecognized_keys') for (const key of issue.keys) this.#unknownKey(path, key);
      else this.mistake(path, messageOf(issue));
    }
  }

  #unknownKey(parent: Path, key: string): void {
    const section = sectionOf(parent);
    const path = [...parent, key];
    const known = UNSUPPORTED[section]?.[key];
    if (known?.state === 'planned') this.notYet(path, 'this key', 'key');
    else if (known?.state === 'never') this.problems.push(this.#problem(path, 'key', `this key will not be supported: ${known.reason}`));
    else if (known?.state === 'moot') this.note(path, `has nothing to do here: ${known.reason}`, 'key');
    else this.problems.push(this.#problem(path, 'key', 'unknown key', suggestionFor(section, key)));
  }

  #problem(path: Path, of: 'key' | 'value', message: string, suggestion?: string): ConfigurationProblem {
    const { place, offset } = this.#source.place(path, of);
    const problem = { place, message: suggestion ? `${message}.` : message, ...(suggestion ? { suggestion } : {}) };
    this.#offsets.set(problem, offset);
    return problem;
  }
}

/** Of several forms that a value may have, what is wrong with the only one that it begins to have. */
function meantOf(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] | undefined {
  if (issue.code !== 'invalid_union') return undefined;
  const begun = issue.errors.filter((issues) => issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'));
  return begun.length === 1 ? begun[0] : undefined;
}

function suggestionFor(section: string, key: string): string | undefined {
  const all = homesOf(key, section);
  const ofSettings = all.filter((home) => !home.includes('['));
  const likely = ofSettings.length > 0 ? ofSettings : all;
  // What is deep within something else is rarely what was meant.
  const least = Math.min(...likely.map(depthOf));
  const homes = likely.filter((home) => depthOf(home) === least).map((home) => (home === '' ? 'the top level' : home));
  return homes.length > 0 ? `It belongs in ${homes.join(' or ')}.` : didYouMean(key, [...keysOf(section), ...Object.keys(UNSUPPORTED[section] ?? {})]);
}

function depthOf(section: string): number {
  return section === '' ? 0 : section.split('.').length;
}

function sectionOf(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? '[]' : index === 0 ? step : `.${step}`)).join('');
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message)) return `is missing; ${expected(issue.message)}`;
  return lowerFirst(issue.message.replace(/^Invalid (input|option): /, ''));
}

function expected(message: string): string {
  return message.replace(/^Invalid input: /, '').replace(/, received undefined$/, '');
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
