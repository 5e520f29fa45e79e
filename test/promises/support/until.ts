/** Waits until it is so. @throws after `ms`. */
export async function until(isSo: () => Promise<boolean>, ms = 30_000): Promise<void> {
  for (const endsAt = performance.now() + ms; performance.now() < endsAt; await new Promise((resolve) => setTimeout(resolve, 50))) if (await isSo()) return;
  throw new Error(`It was not so within ${ms / 1000} s`);
}
