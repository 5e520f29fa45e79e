import { buildConnector } from 'undici';

/** Connects within `timeoutMs`: looking the name up, connecting and TLS together. undici's own clock is up to a second late. */
export function connector(timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: 0 });

  return (options, callback) => {
    let isOver = false;
    const end = (...outcome: Parameters<typeof callback>): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      callback(...outcome);
    };
    const timer = setTimeout(() => end(new ConnectTimeout(timeoutMs), null), timeoutMs);
    connect(options, (...outcome) => {
      // Too late: nobody uses it any more.
      if (isOver) outcome[1]?.destroy();
      end(...outcome);
    });
  };
}

class ConnectTimeout extends Error {
  readonly code = 'UND_ERR_CONNECT_TIMEOUT';

  constructor(timeoutMs: number) {
    super(`No connection within ${timeoutMs} ms`);
    this.name = 'ConnectTimeout';
  }
}
