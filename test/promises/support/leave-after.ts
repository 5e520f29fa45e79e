import { request } from 'node:http';

/** Asks for a stream and leaves it after `ms`, or reads it to its end. Resolves to the status, 0 where the connection broke before one came. */
export function leaveAfter(url: string, key: string, ms: number | undefined): Promise<number> {
  const body = JSON.stringify({ model: 'm', stream: true, max_tokens: 10, messages: [{ role: 'user', content: 'Go on' }] });
  return new Promise((resolve) => {
    let status = 0;
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(`${url}/chat/completions`, { method: 'POST', headers }, (res) => {
      status = res.statusCode ?? 0;
      res.on('error', () => undefined).on('close', () => resolve(status));
      res.resume();
    });
    sent.on('error', () => resolve(status));
    if (ms !== undefined) setTimeout(() => sent.destroy(), ms).unref();
    sent.end(body);
  });
}
