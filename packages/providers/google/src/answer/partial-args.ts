import { GatewayError } from '@sluice/core';
import type { PartialArg } from '../wire.ts';

type Container = Record<string, unknown> | unknown[];

const STEP = /\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]/gy;

/** The arguments of a call that come in pieces, each with the place where it belongs. https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling#streaming-fc */
export class PartialArgs {
  readonly #root: Record<string, unknown> = emptyObject();

  add(pieces: readonly PartialArg[]): void {
    for (const piece of pieces) this.#place(piece);
  }

  toJson(): string {
    return JSON.stringify(this.#root);
  }

  #place(piece: PartialArg): void {
    const steps = stepsOf(piece.jsonPath);
    const last = steps.pop();
    if (last === undefined) return;
    let container: Container = this.#root;
    for (const [index, step] of steps.entries()) container = descend(container, step, steps[index + 1] ?? last);
    const before = read(container, last);
    write(container, last, piece.stringValue === undefined ? literalOf(piece) : (typeof before === 'string' ? before : '') + piece.stringValue);
  }
}

function literalOf({ numberValue, boolValue }: PartialArg): unknown {
  return numberValue ?? boolValue ?? null;
}

function stepsOf(path: string): (string | number)[] {
  if (!path.startsWith('$')) throw unreadable(path);
  const steps: (string | number)[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const [whole, plain, single, double, index] = STEP.exec(path) ?? [];
    if (whole === undefined) throw unreadable(path);
    steps.push(index === undefined ? (plain ?? (single ?? double ?? '').replace(/\\(.)/g, '$1')) : Number(index));
  }
  return steps;
}

function descend(container: Container, step: string | number, next: string | number): Container {
  const found = read(container, step);
  if (found !== null && typeof found === 'object') return found as Container;
  const made = typeof next === 'number' ? [] : emptyObject();
  write(container, step, made);
  return made;
}

function read(container: Container, step: string | number): unknown {
  return (container as Record<string | number, unknown>)[step];
}

/** Lists grow by one: a far place in one would fill memory with nothing. */
function write(container: Container, step: string | number, value: unknown): void {
  if (Array.isArray(container) !== (typeof step === 'number') || (Array.isArray(container) && Number(step) > container.length)) throw unreadable(String(step));
  (container as Record<string | number, unknown>)[step] = value;
}

/** Without a prototype: the names come from a model. */
function emptyObject(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

function unreadable(place: string): GatewayError {
  return new GatewayError('upstream_invalid_answer', `The provider's answer has arguments at a place that cannot be: ${place.slice(0, 80)}`, {
    retryable: true,
  });
}
