/** How a provider goes on with a message of the assistant that ends the conversation: only with what comes after it, or with all of it once more. */
export type Continues = 'after' | 'whole';
