import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/** undici's own answers the socket that it opens, which its types do not say. */
type Opening = (...args: Parameters<buildConnector.connector>) => Socket;

/** Connects within `timeoutMs`: looking the name up, connecting and TLS together. undici's own clock is up to a second late. */
export function connector(timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: 0 }) as Opening;

  return (options, callback) => {
    let isOver = false;
    const end = (...outcome: Parameters<typeof callback>): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      callback(...outcome);
    };
    const timer = setTimeout(() => {
      end(new ConnectTimeout(timeoutMs), null);
      // Left alone it would knock for two minutes more, or sit silent in the middle of TLS for good.
      socket.destroy();
    }, timeoutMs);
    const socket = connect(options, end);
  };
}

class ConnectTimeout extends Error {
  readonly code = 'UND_ERR_CONNECT_TIMEOUT';

  constructor(timeoutMs: number) {
    super(`No connection within ${timeoutMs} ms`);
    this.name = 'ConnectTimeout';
  }
}
