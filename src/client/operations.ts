import type { Operations } from './generated.ts';

/** The paths that take a method: `PathOf<'GET'>` has `/jobs/{id}`. */
export type PathOf<Method extends string> = keyof Operations extends infer Name
  ? Name extends `${Method} ${infer Path}`
    ? Path
    : never
  : never;

type OperationAt<Method extends string, Path extends string> = `${Method} ${Path}` extends keyof Operations
  ? Operations[`${Method} ${Path}`]
  : never;

/** What an operation takes: `path`, `query`, `header`, `body`, as far as it has them. */
export type InputOf<Method extends string, Path extends string> = Omit<OperationAt<Method, Path>, 'answer'> & {
  /** Ends this call when it aborts. */
  signal?: AbortSignal;
};

/** Nothing need be given where nothing is required. */
export type Input<Method extends string, Path extends string> =
  Record<never, never> extends InputOf<Method, Path> ? [input?: InputOf<Method, Path>] : [input: InputOf<Method, Path>];

/** What it answers with when all is well. */
export type AnswerOf<Method extends string, Path extends string> =
  OperationAt<Method, Path> extends { answer: infer Answer } ? Answer : never;

/** The items of a page. */
export type ItemOf<Method extends string, Path extends string> =
  AnswerOf<Method, Path> extends { data: (infer Item)[] } ? Item : never;

/** A path with its parameters filled in, below /api/public/v1 unless it says otherwise. */
export function toPath(template: string, parameters: Readonly<Record<string, unknown>> = {}): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined || value === '') throw new TypeError(`${template} needs path.${name}`);
    return encodeURIComponent(String(value));
  });
  return filled.startsWith('/api/') ? filled : `/api/public/v1${filled}`;
}
