import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateway, type Gateway, type JsonObject } from '@sluice/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ollama } from './ollama.ts';

const PNG = Buffer.from('89504e470d0a1a0a00', 'hex');
const ANSWERS: Readonly<Record<string, JsonObject>> = {
  '/api/chat': { message: { role: 'assistant', content: 'A dot' }, done: true, done_reason: 'stop', prompt_eval_count: 3, eval_count: 2 },
  '/v1/responses': { id: 'r', object: 'response', status: 'completed', output: [] },
};

let server: Server;
let host: string;
let gateway: Gateway;
const sent: JsonObject[] = [];

/** The image, and the server that is asked about it. */
beforeAll(async () => {
  server = createServer(async (req, res) => {
    const answer = ANSWERS[req.url ?? ''];
    if (!answer) return void res.writeHead(200, { 'content-type': 'image/png' }).end(PNG);
    sent.push(JSON.parse(await bodyOf(req)) as JsonObject);
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  gateway = createGateway({
    auth: false,
    providers: [ollama({ baseUrl: `http://${host}`, env: {} })],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: 'ollama', model: 'llava' }] }],
    media: { allowHosts: [host] },
  });
});
afterAll(async () => {
  await gateway.close();
  server.close();
});

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

test('an image that is named by its address reaches a chat as bytes', async () => {
  const content = [
    { type: 'text', text: 'What is it?' },
    { type: 'image_url', image_url: { url: `http://${host}/a.png` } },
  ];
  const answer = await gateway.chat.completions.create({ model: 'm', messages: [{ role: 'user', content }] });
  expect(answer.choices[0]?.message.content).toBe('A dot');
  expect(sent.at(-1)?.messages).toEqual([{ role: 'user', content: 'What is it?', images: [PNG.toString('base64')] }]);
});

test('and a response as a data URL', async () => {
  const input = [{ role: 'user', content: [{ type: 'input_image', image_url: `http://${host}/a.png` }] }];
  await gateway.responses.create({ model: 'm', input });
  expect(sent.at(-1)?.input).toEqual([{ role: 'user', content: [{ type: 'input_image', image_url: `data:image/png;base64,${PNG.toString('base64')}` }] }]);
});
