import { createGateway, type ModelGroup, type Provider } from '@sluice/core';
import { openaiCompatible } from '@sluice/provider-openai';
import { none } from '../frame/check.ts';
import type { Proof } from '../frame/proof.ts';
import { randomGraph } from '../support/random-graph.ts';

export const proof: Proof = {
  id: 'P28',
  promise: 'No call goes round in circles',
  async prove(run) {
    const graphs = run.scaled(10_000, 60);
    const [again, over, unanswered]: [string[], string[], string[]] = [[], [], []];
    let attempts = 0;
    for (let index = 0; index < graphs; index += 1) {
      const { groups, retries, maxFallbacks, statusOf } = randomGraph(run.random);
      const asked = await askAll({ groups, retries, maxFallbacks, statusOf });
      attempts += asked.models.length;
      const visits = asked.models.filter((name, at) => name !== asked.models[at - 1]);
      if (new Set(visits).size !== visits.length) again.push(visits.join(' → '));
      if (asked.models.length > (1 + retries) * (1 + maxFallbacks))
        over.push(`${asked.models.length} tries with ${retries} retries and ${maxFallbacks} fallbacks`);
      if (asked.status < 400) unanswered.push(`answered with ${asked.status}`);
    }
    return [
      {
        test: `graphs of up to eight groups with random fallbacks of all three kinds, most of them cyclic, whose every deployment fails; ${attempts.toLocaleString('en-US')} tries`,
        n: graphs,
        checks: [
          none('calls that came to a group twice', again, graphs),
          none('calls with more tries than (1 + retries) × (1 + fallbacks)', over, graphs),
          none('calls that did not end in an error', unanswered, graphs),
        ],
      },
    ];
  },
};

type Asked = { readonly models: readonly string[]; readonly status: number };

/** One call to the first group; whoever is asked, fails. */
async function askAll({ groups, retries, maxFallbacks, statusOf }: ReturnType<typeof randomGraph>): Promise<Asked> {
  const models: string[] = [];
  const provider: Provider = {
    ...openaiCompatible({ name: 'upstream', baseUrl: 'http://127.0.0.1:1/v1' }),
    send: ({ body }) => {
      const { model } = JSON.parse(String(body)) as { readonly model: string };
      models.push(model);
      const error = Buffer.from(JSON.stringify(statusOf(model).error));
      return Promise.resolve({ status: statusOf(model).status, headers: { 'content-type': 'application/json' }, body: once(error) });
    },
  };
  const options: readonly ModelGroup[] = groups;
  const gateway = createGateway({ auth: false, providers: [provider], models: options, router: { retries, maxFallbacks, backoffMs: 0, maxBackoffMs: 0 } });
  const response = await gateway.fetch('http://sluice/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: groups[0]?.name, messages: [{ role: 'user', content: 'Say it' }] }),
  });
  await response.text();
  await gateway.close();
  return { models, status: response.status };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
