/** Where errors go that nobody is left to hear of, unless the host says otherwise. */
export function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

/** `report` as it may be called from anywhere: when it fails itself, at once or later, that is warned of and goes no further. */
export function carefully(report: (error: unknown) => unknown): (error: unknown) => void {
  return (error) => {
    try {
      Promise.resolve(report(error)).catch(warn);
    } catch (failure) {
      warn(failure);
    }
  };
}
