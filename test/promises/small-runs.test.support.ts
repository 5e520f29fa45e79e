import { describe, expect, it } from 'vitest';
import { proofsIn } from './frame/find-proofs.ts';
import { toRun } from './frame/to-run.ts';

/**
 * Each proof of an area once more, small: that it still runs, and that nothing it counts has gone wrong. What it
 * measures is only held to what a busy machine can bear.
 */
export async function smallRuns(area: string): Promise<void> {
  const proofs = await proofsIn(area);
  describe(`proofs of ${area}`, () => {
    for (const { id, promise, lacks, prove } of proofs) {
      it(`${id} ${promise}`, { timeout: 120_000 }, async (ctx) => {
        const missing = lacks?.();
        if (missing !== undefined) return ctx.skip(missing);
        const evidence = await prove(toRun(1, true));
        expect(evidence.length).toBeGreaterThan(0);
        expect(evidence.flatMap(({ test, checks }) => checks.filter(({ isBearable }) => !isBearable).map((check) => ({ test, ...check })))).toEqual([]);
      });
    }
  });
}
