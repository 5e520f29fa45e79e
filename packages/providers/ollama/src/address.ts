const PORT = 11434;

/**
 * An address as Ollama itself takes it in `OLLAMA_HOST`: `127.0.0.1`, `:11434`, `0.0.0.0:11434`, or a URL. What clients
 * of its other APIs put behind it (`/v1`, `/api`) is taken off.
 */
export function toAddress(given: string): string {
  const text = given.trim().replace(/\/+$/, '');
  const url = /^\w+:\/\//.test(text) ? text : `http://${withPort(text)}`;
  return url.replace(/\/(?:v1|api)$/, '').replace(/^(https?:\/\/)0\.0\.0\.0(?=[:/]|$)/, '$1127.0.0.1');
}

function withPort(text: string): string {
  const [, host = '', port = `:${PORT}`, path = ''] = /^(\[[^\]]*\]|[^:/]*)(:\d+)?(\/.*)?$/.exec(text) ?? [undefined, text];
  return `${host === '' ? '127.0.0.1' : host}${port}${path}`;
}
