import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SlowUpstream = {
  readonly baseUrl: string;
  /** Ends the streams that are open, well-formed. */
  finish(): void;
  readonly server: Server;
};

/** Speaks OpenAI's chat API, and streams a word every 20 ms until it is told to finish. */
export async function slowUpstream(): Promise<SlowUpstream> {
  const open = new Set<() => void>();
  const server = createServer((req, res) => {
    req.resume();
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (data: string): boolean => res.write(`data: ${data}\n\n`);
    const chunk = (delta: object, finish: string | null): string =>
      JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] });
    const words = setInterval(() => send(chunk({ content: 'word ' }, null)), 20);
    const finish = (): void => {
      clearInterval(words);
      open.delete(finish);
      send(chunk({}, 'stop'));
      send('[DONE]');
      res.end();
    };
    open.add(finish);
    res.on('close', () => {
      clearInterval(words);
      open.delete(finish);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, server, finish: () => [...open].forEach((end) => end()) };
}
