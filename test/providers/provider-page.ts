import type { Operation } from '@sluice/core';
import type { Handling } from './describe-provider.ts';
import { FEATURES } from './describe-provider.ts';
import { FOUNDING_IDS, LITELLM_IDS, type Row } from './provider-rows.ts';

const REACHED: ReadonlySet<Row['reach']> = new Set(['package', 'preset']);
const SIGNS: Readonly<Record<Handling, string>> = { mapped: '✓', passed: '→', refused: '–' };

/** How many of them are reached, in sentences. */
export function countOf(rows: readonly Row[]): string {
  const of = (...reach: readonly Row['reach'][]): number => rows.filter((row) => reach.includes(row.reach)).length;
  const among = (ids: readonly string[]): string => `${rows.filter(({ id, reach }) => ids.includes(id) && REACHED.has(reach)).length} of ${new Set(ids).size}`;
  const recorded = rows.filter(({ evidence, sameAs }) => evidence === 'recordings' && sameAs === undefined).length;
  const others = rows.filter(({ reach, sameAs }) => REACHED.has(reach) && sameAs !== undefined).length;
  return [
    `${of('package', 'preset')} provider ids are reached: ${of('package')} by a package of their own and ${of('preset')} by a preset. ${others} of these are other names for one of the rest.`,
    `${recorded} of the others are proved on recordings of real exchanges.`,
    `Of LiteLLM's list ${among(LITELLM_IDS)} are reached, of the founding documents' ${among(FOUNDING_IDS)}; ${of('no provider')} ids on them name no provider of models, and ${of('none')} are not reached.`,
  ].join(' ');
}

/** The page of docs about them. */
export function providerPage(rows: readonly Row[]): string {
  const features = Object.keys(FEATURES);
  const reached = rows.filter(({ reach }) => REACHED.has(reach));
  const others = rows.filter(({ reach }) => !REACHED.has(reach));
  return `# Providers

Written by \`node tools/pnpm.mjs docs:providers\` from what the packages export and from what their mappings do; a test keeps it in step.

${countOf(rows)}

| sign | meaning |
| --- | --- |
| ✓ | put into the provider's own words by the package |
| → | passed on as the caller wrote it; whether the host has it is the host's affair |
| – | refused by name (\`unsupported_parameter\`), or left out where \`parameterRules\` say so |

Features are found out by asking the mapping, for the best of the models it tells apart. *Caching* is \`cache_control\` on a part of a message. *Needs* names what discovery looks for in the environment, the fewest variables that do; a deployment may always bring its own key and address.

Evidence: **recordings**, real exchanges that the tests replay; **specification**, a published one that tests check requests or answers against; **mock**, a scripted server; OpenAI's wire form, which is proved on the recorded hosts, with an address and variables that were checked against the host's own **documentation**, that agree with LiteLLM's **list** of November 2026, or that nobody has checked (**form**); **none**.

| id | by | operations | ${features.join(' | ')} | needs | evidence |
| --- | --- | --- | ${features.map(() => ':-:').join(' | ')} | --- | --- |
${reached.map((row) => line(row, features)).join('\n')}

## Not reached

| id | |
| --- | --- |
${others.map(({ id, by }) => `| ${id} | ${by === '' ? 'not yet' : by} |`).join('\n')}
`;
}

function line({ id, sameAs, reach, by, description, keys, evidence }: Row, features: readonly string[]): string {
  const signs = features.map((feature) => {
    const handling = description?.features.get(feature);
    return handling === undefined ? '' : SIGNS[handling];
  });
  const cells = [
    sameAs === undefined ? id : `${id} = ${sameAs}`,
    `${by.replace('@sluice/provider-', '')}${reach === 'preset' ? ' (preset)' : ''}`,
    [...new Set(description?.operations.map(inShort))].join(', '),
    ...signs,
  ];
  return `| ${[...cells, keys.map((key) => `\`${key}\``).join(' '), evidence].join(' | ')} |`;
}

/** What can be done with files and with batches goes together. */
function inShort(operation: Operation): string {
  return /^(?:files|batches)\./.test(operation) ? operation.slice(0, operation.indexOf('.')) : operation;
}
