import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: Readonly<Record<string, unknown>> };

export type ScriptedLangfuse = {
  readonly baseUrl: string;
  readonly received: Received[];
  /** What is answered from now on; `hang` answers nothing. */
  answer: { readonly status: number; readonly body?: unknown } | 'hang';
  close(): void;
};

/** A Langfuse that takes what both of its interfaces take, and keeps it. */
export async function scriptedLangfuse(): Promise<ScriptedLangfuse> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const { url: path = '', headers } = request;
    received.push({ path, headers, body: JSON.parse(text) as Received['body'] });
    if (langfuse.answer === 'hang') return;
    const { status, body = path.endsWith('/ingestion') ? { successes: [], errors: [] } : {} } = langfuse.answer;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const langfuse: ScriptedLangfuse = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: { status: 200 },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return langfuse;
}
