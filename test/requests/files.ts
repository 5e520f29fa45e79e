import { createGateway, secret } from '@sluice/core';
import OpenAI, { toFile } from 'openai';
import type { Judged } from '../support/spec-host.ts';
import type { Judging } from './judge.ts';

const CASE = 'files';
const ignore = (): void => undefined;
const LINE = { custom_id: 'q1', method: 'POST', url: '/v1/chat/completions', body: { model: 'm', messages: [{ role: 'user', content: 'x' }], max_tokens: 9 } };

/** Everything that the official client does with a file and with a batch. What the host makes up for an answer need not make sense. */
export async function judgeFiles({ host, provider, model, path }: Judging): Promise<readonly Judged[]> {
  const gateway = createGateway({
    masterKey: 'sk-master',
    providers: [provider],
    models: [
      {
        name: 'm',
        deployments: [{ id: 'd', provider: provider.name, model, baseUrl: `${host.url}${path}`, apiKey: secret('k'), headers: { 'x-case': CASE } }],
      },
    ],
    router: { retries: 0 },
  });
  const { files, batches } = new OpenAI({ apiKey: 'sk-master', baseURL: 'http://sluice/v1', fetch: gateway.fetch, maxRetries: 0 });
  const file = await files.create({ file: await toFile(Buffer.from('Grüezi'), 'a.txt'), purpose: 'user_data', ...{ model: 'm' } });
  await files.retrieve(file.id).catch(ignore);
  await files.content(file.id).catch(ignore);
  await files.delete(file.id).catch(ignore);
  const input = await files.create({ file: await toFile(Buffer.from(JSON.stringify(LINE)), 'in.jsonl'), purpose: 'batch' });
  const batch = await batches.create({ input_file_id: input.id, endpoint: '/v1/chat/completions', completion_window: '24h' });
  await batches.retrieve(batch.id).catch(ignore);
  await batches.cancel(batch.id).catch(ignore);
  await gateway.close();
  return (await host.judged()).get(CASE) ?? [];
}
