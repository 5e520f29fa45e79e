import { readdirSync, readlinkSync } from 'node:fs';

/** Files that a process has open, but for sockets: idle connections are kept for the next call. */
export function filesBesideSockets(pid: number | 'self'): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((fd) => isFile(`${folder}/${fd}`)).length;
}

function isFile(link: string): boolean {
  try {
    return !readlinkSync(link).startsWith('socket:');
  } catch {
    // The one that the folder itself was read by.
    return false;
  }
}
