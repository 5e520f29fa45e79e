import { request } from 'node:http';

/** What the caller of a stream has got, and whether the connection ended as it should. */
export type ReadStream = { readonly text: string; readonly isWhole: boolean };

/** Asks for a stream and reads all of it. `onBegun` hears of its first bytes. */
export function readStream(url: string, key: string, onBegun: () => void): Promise<ReadStream> {
  const body = JSON.stringify({ model: 'm', stream: true, max_tokens: 10_000, messages: [{ role: 'user', content: 'Go on' }] });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve) => {
    let text = '';
    const sent = request(`${url}/v1/chat/completions`, { method: 'POST', headers }, (res) => {
      res.once('data', onBegun);
      res.setEncoding('utf8').on('data', (part: string) => (text += part));
      res.on('error', () => undefined).on('close', () => resolve({ text, isWhole: res.complete }));
    });
    sent.on('error', () => resolve({ text, isWhole: false }));
    sent.end(body);
  });
}
