import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';

export type BlackHole = { readonly port: number; close(): void };

const LISTEN =
  "require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { process.stdout.write(String(this.address().port)) })";

/**
 * A port where connections are neither taken nor refused: its process is stopped and its queue is full, so that the
 * kernel drops whoever knocks.
 */
export async function blackHole(): Promise<BlackHole> {
  const child = spawn(process.execPath, ['-e', LISTEN], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = Number(await new Promise<string>((resolve) => child.stdout.once('data', (text: Buffer) => resolve(text.toString()))));
  child.kill('SIGSTOP');
  const queued: Socket[] = [];
  for (let isFull = false; !isFull && queued.length < 20; ) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    isFull = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(false));
      setTimeout(() => resolve(true), 300);
    });
    if (isFull) socket.destroy();
    else queued.push(socket);
  }
  return {
    port,
    close() {
      for (const socket of queued) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}
