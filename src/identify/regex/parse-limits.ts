/** Groups and classes nested deeper are refused: nobody writes them, and reading them would take the stack. */
export const DEEPEST_GROUP = 100;
/** Longest expression, in characters. */
export const LONGEST_SOURCE = 10_000;
/** Of `{n,m}`: the larger ones make programs of megabytes. */
export const MOST_REPEATS = 10_000;
