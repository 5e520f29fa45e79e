import { inspect } from 'node:util';
import type { Secret } from '../types/model.ts';

/** Hides a credential from everything that prints: JSON, template strings, console.log and inspect. */
export function secret(value: string): Secret {
  return new HiddenValue(value);
}

class HiddenValue implements Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/** The text behind a value, also where it is kept as a secret. An empty one, as an unset variable leaves it, is none. */
export function revealed(value: unknown): string | undefined {
  const text = typeof (value as Partial<Secret> | null | undefined)?.reveal === 'function' ? (value as Secret).reveal() : value;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
