import { readFileSync, writeFileSync } from 'node:fs';
import { replaceSection } from '../support/replace-section.ts';
import { AREAS, findProofs } from './frame/find-proofs.ts';
import { type PromisesOptions, readOptions, USAGE } from './frame/options.ts';
import type { Proof } from './frame/proof.ts';
import { isKept, machineLine, type Result, toLines, toTable } from './frame/table.ts';
import { toRun } from './frame/to-run.ts';

const DOCS = 'docs/promises.md';

try {
  const options = readOptions(process.argv.slice(2), AREAS);
  if (options) process.exitCode = await run(options);
  else console.log(`${USAGE}\nAreas: ${AREAS.join(', ')}`);
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

/** Answers how the process is to end: 0 when every gate was met. */
async function run(options: PromisesOptions): Promise<number> {
  console.log(`${machineLine()}, seed ${options.seed}`);
  let missed = 0;
  let asked = 0;
  for (const area of options.areas) {
    const results: Result[] = [];
    for (const proof of await findProofs(area)) {
      if (options.only.length > 0 && !options.only.includes(proof.id)) continue;
      const result = await toResult(proof, options);
      for (const line of toLines(result)) console.log(line);
      console.error(`${proof.id} took ${result.seconds.toFixed(0)} s`);
      results.push(result);
    }
    asked += results.length;
    missed += results.filter((result) => !isKept(result)).length;
    if (options.writeDocs) write(area, `${machineLine()}: \`pnpm promises ${area} --seed ${options.seed}\`.\n\n${toTable(results)}`);
  }
  console.log(`${asked - missed} of ${asked} promises kept`);
  return missed === 0 && asked > 0 ? 0 : 1;
}

async function toResult(proof: Proof, { seed, isShort }: PromisesOptions): Promise<Result> {
  const startedAt = performance.now();
  const lacks = proof.lacks?.();
  try {
    const evidence = lacks === undefined ? await proof.prove(toRun(seed, isShort)) : [];
    return { proof, evidence, seconds: (performance.now() - startedAt) / 1000, ...(lacks !== undefined && { failure: lacks }) };
  } catch (error) {
    return { proof, evidence: [], failure: String(error), seconds: (performance.now() - startedAt) / 1000 };
  }
}

function write(area: string, text: string): void {
  writeFileSync(DOCS, replaceSection(readFileSync(DOCS, 'utf8'), area, text));
}
