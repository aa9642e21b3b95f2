/** First half of the keys of our advisory locks: "ASAY" in ASCII. */
const SPACE = 0x41534159;

/** Both halves of each key, told here in one place: two uses of one key would wait for each other for ever. */
export const ADVISORY_LOCKS = {
  migrating: [SPACE, 1],
  /** Shared by those who serve this database. */
  serving: [SPACE, 2],
  foldingSearch: [SPACE, 3],
  bringingBuiltIns: [SPACE, 4],
} as const;
