/** Up to three digits, or these and a dot with three more: a decimal fraction, or a whole number with dots between its thousands. RE2, too. */
export const GROUPED_DIGITS = '[-+]?(?:0|[1-9][0-9]{0,2}(?:\\.[0-9]{3})?)';

const FORM = new RegExp(`^${GROUPED_DIGITS}$`);

/** Whether texts that are read as decimal fractions may as well be thousands: every one has that form, and one a dot. Pure. */
export function mayBeGrouped(values: readonly string[]): boolean {
  let dots = false;
  for (const value of values) {
    if (!FORM.test(value)) return false;
    dots ||= value.includes('.');
  }
  return dots;
}

export const groupedWarning = (name: string): string =>
  `column "${name}": every value with a dot has three digits behind it; such texts were read as decimal fractions, and could be whole numbers with a dot between the thousands (1.234 for 1234)`;
