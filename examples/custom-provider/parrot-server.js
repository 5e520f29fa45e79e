// A parrot to try the provider with, so that the example needs no network: `node parrot-server.js`.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';

/** Repeats what it heard last. Knows one key: `cracker`. */
export async function startParrot(port = 0) {
  const server = createServer(async (req, res) => {
    if (req.headers.authorization !== 'Bearer cracker') return res.writeHead(401).end('squawk');
    let text = '';
    for await (const chunk of req.setEncoding('utf8')) text += chunk;
    const { heard, live } = JSON.parse(text);
    const said = String(heard.at(-1));
    const words = { heard: countWords(heard.join(' ')), said: countWords(said) };
    if (!live) return res.setHeader('content-type', 'application/json').end(JSON.stringify({ said, words }));
    res.setHeader('content-type', 'text/event-stream');
    for (const word of said.split(/(?<= )/)) res.write(`data: ${JSON.stringify({ word })}\n\n`);
    res.end(`event: silence\ndata: ${JSON.stringify(words)}\n\n`);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: chosen } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${chosen}`, close: () => server.close() };
}

/** @param {string} text */
function countWords(text) {
  return text.split(/\s+/).filter(Boolean).length;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(`The parrot sits on ${(await startParrot(4100)).url}`);
