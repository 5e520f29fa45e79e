import type { Deployment, ModelRequest, Operation, Provider } from '@sluice/core';
import { ask } from '@sluice/testing';
import type { SpecHost } from '../support/spec-host.ts';

export type Case = { readonly name: string; readonly operation: Operation; readonly request: ModelRequest };

/** What became of a case: what the document has against the request, or why nothing was sent. */
export type Verdict = { readonly case: Case; readonly model: string; readonly problems: readonly string[]; readonly refusal?: string };

export type Judging = { readonly host: SpecHost; readonly provider: Provider; readonly model: string; readonly path: string };

const AT_ONCE = 16;

/** Sends each case through a whole gateway to the host, which takes the place of the provider. */
export async function judge(cases: readonly Case[], { host, provider, model, path }: Judging): Promise<readonly Verdict[]> {
  const refusals = new Map<string, string>();
  const label = ({ name, operation }: Case): string => `${model} ${operation} ${name}`;
  const send = async (each: Case): Promise<void> => {
    const deployment: Partial<Deployment> = {
      model,
      baseUrl: `${host.url}${path}`,
      headers: { 'x-case': encodeURIComponent(label(each)) },
      parameterRules: { dropUnsupported: true },
    };
    const { text } = await ask({ provider, operation: each.operation, request: each.request, deployment });
    refusals.set(label(each), text);
  };
  for (let at = 0; at < cases.length; at += AT_ONCE) await Promise.all(cases.slice(at, at + AT_ONCE).map(send));
  const judged = await host.judged();
  return cases.map((each) => {
    const found = judged.get(encodeURIComponent(label(each)));
    if (!found) return { case: each, model, problems: [], refusal: refusals.get(label(each)) ?? '' };
    return { case: each, model, problems: found.flatMap(({ method, path: asked, problems }) => problems.map((problem) => `${method} ${asked} ${problem}`)) };
  });
}
