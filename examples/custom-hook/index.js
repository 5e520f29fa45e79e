import { createGateway } from '@sluice/core';
import { demo } from '@sluice/provider-demo';
import { houseRules } from './house-rules.js';

const gateway = createGateway({
  providers: [demo()],
  models: [{ name: 'assistant', deployments: [{ id: 'demo', provider: 'demo', model: 'demo' }] }],
  auth: false,
  hooks: [houseRules({ rules: 'Answer in one sentence.', onEnd: (id, status) => console.log(`call ${id} ended: ${status}`) })],
});

const answer = await gateway.chat.completions.create({ model: 'assistant', messages: [{ role: 'user', content: 'What is a sluice?' }] });
console.log(answer.choices[0]?.message.content);
await gateway.close();
