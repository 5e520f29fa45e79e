import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateway, type Gateway, type JsonObject, secret } from '@sluice/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bedrock } from '../bedrock.ts';

const PNG = Buffer.from('89504e470d0a1a0a00', 'hex');
const PDF = Buffer.from('%PDF-1.7 ');
const FILES: Readonly<Record<string, readonly [string, Buffer]>> = { '/a.png': ['image/png', PNG], '/b.pdf': ['application/pdf', PDF] };
const ANSWER = { output: { message: { role: 'assistant', content: [{ text: 'Both' }] } }, stopReason: 'end_turn', usage: { inputTokens: 3, outputTokens: 2 } };

let server: Server;
let host: string;
let gateway: Gateway;
const sent: JsonObject[] = [];

/** The files, and the server that is asked about them. */
beforeAll(async () => {
  server = createServer(async (req, res) => {
    const [type, bytes] = FILES[req.url ?? ''] ?? [];
    if (type) return void res.writeHead(200, { 'content-type': type }).end(bytes);
    sent.push(JSON.parse(await bodyOf(req)) as JsonObject);
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ANSWER));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  gateway = createGateway({
    auth: false,
    providers: [bedrock({ baseUrl: `http://${host}`, env: {} })],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: 'bedrock', model: 'us.amazon.nova-2-lite-v1:0', apiKey: secret('ABSK-1') }] }],
    media: { allowHosts: [host] },
  });
});
afterAll(async () => {
  await gateway.close();
  server.close();
});

async function bodyOf(req: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of req) text += String(chunk);
  return text;
}

test('pictures and documents named by their address are fetched, since Converse reads none', async () => {
  const content = [
    { type: 'text' as const, text: 'What are these?' },
    { type: 'image_url' as const, image_url: { url: `http://${host}/a.png` } },
    { type: 'file' as const, file: { file_id: `http://${host}/b.pdf` } },
  ];
  const { choices } = await gateway.chat.completions.create({ model: 'm', messages: [{ role: 'user', content }] });
  expect(choices[0]?.message.content).toBe('Both');
  expect(sent[0]).toMatchObject({
    messages: [
      {
        content: [
          { text: 'What are these?' },
          { image: { format: 'png', source: { bytes: PNG.toString('base64') } } },
          { document: { format: 'pdf', name: 'b', source: { bytes: PDF.toString('base64') } } },
        ],
      },
    ],
  });
});
