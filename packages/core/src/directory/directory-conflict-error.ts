/** Somebody else was faster: an object is no longer what a change was made from. Read it again, and try again. */
export class DirectoryConflictError extends Error {
  override readonly name = 'DirectoryConflictError';
}
