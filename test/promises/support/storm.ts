import type { Gateway } from '@sluice/core';

export type Storm = { readonly calls: number; readonly key: string; readonly body: object };

/** Makes all calls at once, without a network before the gateway, and answers how many came to what: `200`, `402 budget_exceeded`. */
export async function storm(gateway: Gateway, { calls, key, body }: Storm): Promise<Readonly<Record<string, number>>> {
  const init = { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: JSON.stringify(body) };
  const outcomes: Record<string, number> = {};
  await Promise.all(
    Array.from({ length: calls }, async () => {
      const answer = await gateway.fetch('http://sluice/v1/chat/completions', init);
      const [, code] = /"code":"(\w+)"/.exec(await answer.text()) ?? [];
      const name = code === undefined ? String(answer.status) : `${answer.status} ${code}`;
      outcomes[name] = (outcomes[name] ?? 0) + 1;
    }),
  );
  return outcomes;
}

/** The outcomes of several storms together. */
export function together(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {};
  for (const [name, count] of all.flatMap((one) => Object.entries(one))) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
