import { isTimeZone } from '@sluice/core';
import { z } from 'zod';

// What comes from the environment is text, so numbers and flags are read from text as well.

/** A number that is not negative. */
export const amount = z.preprocess(fromText, z.number().nonnegative());

export const positive = z.preprocess(fromText, z.number().positive());

/** More than nothing, and at most a hundred. */
export const percent = z.preprocess(fromText, z.number().positive().max(100));

export const count = z.preprocess(fromText, z.number().int().nonnegative());

export const flag = z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean());

/** A part of a whole. */
export const share = z.preprocess(fromText, z.number().positive().max(1));

export const text = z.string().min(1);

export const zone = text.refine(isTimeZone, { error: ({ input }) => `'${String(input)}' is no time zone such as Europe/Berlin` });

export const names = z.array(text);

/** `{ group: [groups] }`, or a list of such. */
export const fallbackLists = z
  .union([z.record(z.string(), names), z.array(z.record(z.string(), names))], {
    error: 'expected a map from a model to a list of models, or a list of such maps',
  })
  .transform((lists) => (Array.isArray(lists) ? Object.assign({}, ...lists) : lists) as Record<string, string[]>);

function fromText(value: unknown): unknown {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}
