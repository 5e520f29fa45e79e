/** Where errors go that nobody is left to hear of, unless the host says otherwise. */
export function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
