import fc from 'fast-check';
import { none } from '../frame/check.ts';
import type { Evidence, Run } from '../frame/proof.ts';

export type Histories<Step> = {
  readonly what: string;
  /** Of all histories together. */
  readonly steps: number;
  arbitrary(length: number): fc.Arbitrary<Step[]>;
  /** Throws where a rule is broken. */
  walk(history: readonly Step[]): Promise<void>;
};

const LENGTH = 200;

/** Walks through random histories. Of the first that breaks a rule, as few steps are told as still do. */
export async function histories<Step>(run: Run, { what, steps, arbitrary, walk }: Histories<Step>): Promise<Evidence> {
  const property = fc.asyncProperty(arbitrary(LENGTH), walk);
  const { failed, counterexample } = await fc.check(property, { seed: run.seed, numRuns: Math.ceil(steps / LENGTH), endOnFailure: true });
  const broken = failed && counterexample ? await shortened(counterexample[0], walk) : undefined;
  return {
    test: what,
    n: steps,
    checks: [none('steps after which a rule was broken', broken ? [`${broken.rule} after ${JSON.stringify(broken.history)}`] : [], steps)],
  };
}

type Broken<Step> = { readonly rule: string; readonly history: readonly Step[] };

/** Without every stretch of steps that it does not need. */
async function shortened<Step>(history: readonly Step[], walk: Histories<Step>['walk']): Promise<Broken<Step>> {
  let broken: Broken<Step> = { rule: String(await ruleBroken(history, walk)), history };
  for (let stretch = LENGTH / 2; stretch >= 1; stretch = Math.floor(stretch / 2)) {
    for (let from = 0; from < broken.history.length; ) {
      const shorter = broken.history.filter((_, index) => index < from || index >= from + stretch);
      const rule = await ruleBroken(shorter, walk);
      if (rule === undefined) from += stretch;
      else broken = { rule, history: shorter };
    }
  }
  return broken;
}

async function ruleBroken<Step>(history: readonly Step[], walk: Histories<Step>['walk']): Promise<string | undefined> {
  try {
    await walk(history);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
