import type { Operation } from '@sluice/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PARAMETERS } from '../providers/chat-parameters.ts';
import type { RecordedExchange } from '../support/recordings.ts';
import { type SpecHost, specHost } from '../support/spec-host.ts';
import { chatCases, plainCases } from './cases.ts';
import { judgeFiles } from './files.ts';
import { DOCUMENTED, type DocumentedHost } from './hosts.ts';
import { judge, type Verdict } from './judge.ts';

const OPENAIS = new Set(['model', ...PARAMETERS.map(({ name }) => name)]);

describe.each(Object.entries(DOCUMENTED))('%s', (name, host) => {
  const document = host.document();
  let at: SpecHost | undefined;

  beforeAll(async () => {
    if (document) at = await specHost(document);
  }, 60_000);

  afterAll(() => at?.close());

  test('is sent what its document describes', async (ctx) => {
    if (!at) return ctx.skip('the document is not beside the checkout');
    const verdicts = await verdictsOf(host, at);
    const wrong = verdicts.flatMap((verdict) => objections(verdict).map((text) => `${verdict.model} ${verdict.case.operation} ${verdict.case.name}: ${text}`));
    const unexpected = wrong.filter((text) => !host.expected.some(({ what }) => what.test(text)));
    expect(unexpected).toEqual([]);
    expect(host.expected.filter(({ what }) => !wrong.some((text) => what.test(text))).map(({ because }) => because)).toEqual([]);
    const sent = verdicts.filter(({ refusal }) => refusal === undefined);
    console.log(`${name}: ${sent.length} requests judged, ${verdicts.length - sent.length} refused before they were sent`);
  }, 240_000);

  test('keeps files and batches as its document describes', async (ctx) => {
    const operations = Object.keys(host.provider.operations).filter(isAboutFiles);
    if (!at) return ctx.skip('the document is not beside the checkout');
    const judged = operations.length === 0 ? [] : await judgeFiles({ host: at, provider: host.provider, model: host.models[0] ?? '', path: host.path });
    expect(judged.flatMap(({ problems }) => problems)).toEqual([]);
    expect(judged.length).toBeGreaterThanOrEqual(operations.length);
  }, 60_000);
});

function isAboutFiles(operation: string): boolean {
  return /^(files|batches)\./.test(operation);
}

async function verdictsOf(host: DocumentedHost, at: SpecHost): Promise<readonly Verdict[]> {
  const { provider, models, path, chatsOf, isWithoutAddresses, leftOut = {} } = host;
  const suits = ({ provider: by, request }: RecordedExchange): boolean =>
    (chatsOf?.includes(by) ?? true) && !(isWithoutAddresses && /"url":"https?:/.test(JSON.stringify(request.json)));
  const verdicts: Verdict[] = [];
  const operations = (Object.keys(provider.operations) as Operation[]).filter((operation) => !isAboutFiles(operation) && !Object.hasOwn(leftOut, operation));
  for (const operation of operations) {
    const cases = operation === 'chat' || operation === 'tokens.count' ? chatCases(operation, suits) : plainCases(operation);
    expect(cases, `There is no case of ${operation}`).not.toEqual([]);
    for (const model of models) verdicts.push(...(await judge(cases, { host: at, provider, model, path })));
  }
  return verdicts;
}

/** Fields that other hosts have made up go on as callers wrote them. */
function objections({ case: { request }, problems, refusal }: Verdict): readonly string[] {
  if (refusal !== undefined) return [refusal];
  return problems.filter((problem) => {
    const [, field = ''] = /body: Unknown property: (\w+)$/.exec(problem) ?? [];
    return OPENAIS.has(field) || !Object.hasOwn(request, field);
  });
}
