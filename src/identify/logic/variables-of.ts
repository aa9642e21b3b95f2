import type { Logic } from '../method.ts';
import type { Variable } from '../verdict.ts';
import { numberOf } from './evaluate-logic.ts';
import { operationOf, variableOf } from './read-logic.ts';

interface Named {
  variables: ReadonlySet<Variable>;
  constants: ReadonlySet<number>;
}
const NAMED = new WeakMap<object, Named>();

function namedIn(logic: Logic): Named {
  if (typeof logic !== 'object' || logic === null || Array.isArray(logic))
    return { variables: new Set(), constants: new Set([numberOf(logic)]) };
  const known = NAMED.get(logic);
  if (known) return known;
  const operation = operationOf(logic);
  const parts = operation.operator === 'var' ? [] : operation.values.map(namedIn);
  const named: Named = {
    variables: new Set([
      ...(operation.operator === 'var' ? [variableOf(operation)] : []),
      ...parts.flatMap(({ variables }) => [...variables]),
    ]),
    constants: new Set(parts.flatMap(({ constants }) => [...constants])),
  };
  NAMED.set(logic, named);
  return named;
}

/** The variables that an expression names, in the order it does. Only for logic that was checked. */
export const variablesOf = (logic: Logic): ReadonlySet<Variable> => namedIn(logic).variables;

/** The numbers that stand in it. */
export const constantsOf = (logic: Logic): ReadonlySet<number> => namedIn(logic).constants;
