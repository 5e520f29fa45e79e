/** What is wrong with the address of a provider of identities, or nothing. */
export function addressProblem(address: string, allowHttp = false): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return 'It has to be an address, such as https://id.example.com.';
  if (url.protocol === 'https:' || allowHttp || isHere(url.hostname)) return undefined;
  return 'By http: anybody on the way could put something of their own in its place. Use https:, or set `allowHttp`.';
}

function isHere(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
