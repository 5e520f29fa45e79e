import { createGateway } from '@sluice/core';
import { demo } from '@sluice/provider-demo';

// A real model decides by itself what to call; the demo provider does as this script says.
const script = demo({
  answers: [
    { match: ({ messages }) => last(messages)?.role === 'tool', text: 'It is 21 degrees in Rome and 14 in Bern.' },
    {
      toolCalls: [
        { name: 'temperature', arguments: { city: 'Rome' } },
        { name: 'temperature', arguments: { city: 'Bern' } },
      ],
    },
  ],
});
const gateway = createGateway({
  auth: false,
  providers: [script],
  models: [{ name: 'assistant', deployments: [{ id: 'demo', provider: 'demo', model: 'demo', price: { input: 1_000_000_000, output: 4_000_000_000 } }] }],
});

/** @type {Record<string, number>} */
const degrees = { Rome: 21, Bern: 14 };

const {
  text,
  rounds,
  costNanoUsd = 0,
} = await gateway.chat.runTools({
  model: 'assistant',
  messages: [{ role: 'user', content: 'Where is it warmer, in Rome or in Bern?' }],
  tools: [{ type: 'function', function: { name: 'temperature', parameters: { type: 'object', properties: { city: { type: 'string' } } } } }],
  handlers: { temperature: ({ city }) => ({ city, celsius: degrees[String(city)] }) },
  maxRounds: 5,
  maxCostUsd: '0.05',
  onRound: ({ number, results }) => console.log(`round ${number}: ${results.map(({ content }) => content).join(' ')}`),
});
console.log(`answer:  ${text}`);
console.log(`cost:    $${costNanoUsd / 1e9} in ${rounds.length} rounds`);

await gateway.close();

/** @param {unknown} messages @returns {{ role: string } | undefined} */
function last(messages) {
  return Array.isArray(messages) ? messages.at(-1) : undefined;
}
