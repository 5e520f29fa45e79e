import { type Condition, CONDITION_ROOTS } from '@sluice/core/routing';
import { z } from 'zod';
import { text } from './values.ts';

const value = z.union([z.string(), z.number(), z.boolean()]);

const test = z.union(
  [
    value,
    z.strictObject({ is: value }),
    z.strictObject({ in: z.array(z.union([z.string(), z.number()])).min(1) }),
    z.strictObject({ like: text }),
    z.strictObject({ above: z.number() }),
    z.strictObject({ below: z.number() }),
    z.strictObject({ exists: z.boolean() }),
  ],
  { error: 'expected a value, or one of is, in, like, above, below and exists with a value' },
);

const LOGIC: readonly string[] = ['any', 'all', 'not'];

/** A condition on a call: paths and what is to be found there, all of which have to hold. */
export const condition = z.lazy(() =>
  z
    .object({ any: z.array(condition).min(1).optional(), all: z.array(condition).min(1).optional(), not: condition.optional() })
    .catchall(test)
    .superRefine((conditions, context) => {
      for (const path of Object.keys(conditions))
        if (!LOGIC.includes(path) && !CONDITION_ROOTS.includes(path.split('.')[0] ?? ''))
          context.addIssue({ code: 'custom', path: [path], message: `a path begins with ${CONDITION_ROOTS.join(', ')}, or is ${LOGIC.join(', ')}` });
    }),
) as unknown as z.ZodType<Condition>;
