/** Operators of JsonLogic that rules may use, with how many arguments each takes. */
export const OPERATORS: Readonly<Record<string, { least: number; most: number }>> = {
  and: { least: 1, most: Number.POSITIVE_INFINITY },
  or: { least: 1, most: Number.POSITIVE_INFINITY },
  '!': { least: 1, most: 1 },
  '!!': { least: 1, most: 1 },
  if: { least: 1, most: Number.POSITIVE_INFINITY },
  '+': { least: 1, most: Number.POSITIVE_INFINITY },
  '-': { least: 1, most: 2 },
  '*': { least: 1, most: Number.POSITIVE_INFINITY },
  '/': { least: 2, most: 2 },
  min: { least: 1, most: Number.POSITIVE_INFINITY },
  max: { least: 1, most: Number.POSITIVE_INFINITY },
  // With three arguments: the middle one lies between the others.
  '<': { least: 2, most: 3 },
  '<=': { least: 2, most: 3 },
  '>': { least: 2, most: 2 },
  '>=': { least: 2, most: 2 },
  '==': { least: 2, most: 2 },
  '===': { least: 2, most: 2 },
  '!=': { least: 2, most: 2 },
  '!==': { least: 2, most: 2 },
};

/** Deeper ones than this are refused: nobody writes them, and reading them would take the stack. */
export const DEEPEST = 50;
