/** An expression as it is used: on whole values or anywhere in a name; `owner` is the method it is of, for messages. */
export interface Expression {
  source: string;
  mode: 'whole' | 'anywhere';
  owner: string;
}

/** Tries expressions on many texts at once. */
export interface RegexTester {
  /**
   * 1 for each text that matches, in their order.
   *
   * @throws AssayError EXPRESSION_TOO_SLOW that names the expression, its method and the text it was at; BAD_REQUEST for one that cannot be used
   */
  test(expression: Expression, texts: readonly string[]): Promise<Uint8Array>;
}
