import { GatewayError } from '../errors/gateway-error.ts';
import type { Operation } from '../types/call.ts';
import { allMisfits } from './all-misfits.ts';
import { explain } from './explain.ts';
import { FILE_SHAPES } from './file-shapes.ts';
import { REQUEST_SHAPES } from './request-shapes.ts';
import type { Shape } from './shape.ts';

const SHAPES: Readonly<Partial<Record<Operation, Shape>>> = { ...REQUEST_SHAPES, ...FILE_SHAPES };

/** Deeper than any schema of a tool; what goes deeper is made to overflow a stack. */
const MAX_DEPTH = 128;

/** What is wrong with a request, or nothing. The request itself is left as it is, with every field nobody here knows. */
export function findFault(operation: Operation, request: unknown): GatewayError | undefined {
  return faultBy(SHAPES[operation], request);
}

/** @throws GatewayError `invalid_request` telling all that does not fit, a line each; its `param` is the first. */
export function requireShape(shape: Shape, request: unknown): void {
  const fault = formFault(request);
  if (fault) throw fault;
  const [first, ...others] = allMisfits(shape, request).map((misfit) => explain(misfit, request as object));
  if (first) throw new GatewayError('invalid_request', [first, ...others].map(({ message }) => message).join('\n'), { param: first.param });
}

function faultBy(shape: Shape | undefined, request: unknown): GatewayError | undefined {
  const fault = formFault(request);
  if (fault) return fault;
  const misfit = shape?.misfit(request);
  if (!misfit) return undefined;
  const { param, message } = explain(misfit, request as object);
  return new GatewayError('invalid_request', message, { param });
}

function formFault(request: unknown): GatewayError | undefined {
  if (request === null || typeof request !== 'object' || Array.isArray(request)) return new GatewayError('invalid_request', 'The request has to be an object');
  if (isTooDeep(request, MAX_DEPTH)) return new GatewayError('invalid_request', `The request is nested more than ${MAX_DEPTH} levels deep`);
  return undefined;
}

function isTooDeep(value: object, levels: number): boolean {
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item: unknown) => typeof item === 'object' && item !== null && isTooDeep(item, levels - 1));
  for (const field in value) {
    const item = (value as Record<string, unknown>)[field];
    if (typeof item === 'object' && item !== null && isTooDeep(item, levels - 1)) return true;
  }
  return false;
}
