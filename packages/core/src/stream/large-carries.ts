/** Something that holds many bytes, and can be made to let go of them. */
export type Holder = {
  readonly heldBytes: number;
  /** It is too much for all together: what it holds is lost. */
  letGo(): void;
};

/** What holds less than this is not looked at. */
export const LARGE_BYTES = 1024 * 1024;
/** What all large holders of this process may hold together. */
const MOST_BYTES = 24 * 1024 * 1024;

// Weakly, because a stream that nobody reads any more tells nobody.
const large = new Set<WeakRef<Holder>>();

/** Notes that `holder` has grown to a large size. When that is too much with all the others, the largest has to let go. */
export function noteLarge(holder: Holder): void {
  let [total, known] = [0, false];
  let largest = holder;
  for (const reference of large) {
    const other = reference.deref();
    if (!other || other.heldBytes < LARGE_BYTES) {
      large.delete(reference);
      continue;
    }
    total += other.heldBytes;
    known ||= other === holder;
    if (other.heldBytes > largest.heldBytes) largest = other;
  }
  if (!known) {
    large.add(new WeakRef(holder));
    total += holder.heldBytes;
  }
  if (total > MOST_BYTES) largest.letGo();
}
