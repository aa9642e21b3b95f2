import { spoilLast } from './check-digits.ts';
import type { Random } from './random.ts';

/** What people and old systems do to values. Rates are per mille, so that a profile shows them but does not drown in them. */
export const dirty = {
  email(random: Random, email: string): string | null {
    const luck = random.between(0, 999);
    if (luck < 25) return null;
    if (luck < 40) return '';
    if (luck < 50) return `${email} `;
    if (luck < 58) return email.replace('@', ' at ');
    if (luck < 64) return email.toUpperCase();
    if (luck < 67) return 'n/a';
    return email;
  },
  phone(random: Random, dialling: string, national: string): string | null {
    const luck = random.between(0, 999);
    if (luck < 40) return null;
    if (luck < 55) return '';
    if (luck < 700) return `${dialling}${national}`;
    if (luck < 850) return `${dialling} ${national.slice(0, 3)} ${national.slice(3)}`;
    if (luck < 930) return `0${national.slice(0, 3)}/${national.slice(3)}`;
    if (luck < 990) return `00${dialling.slice(1)}-${national}`;
    return 'unknown';
  },
  text(random: Random, text: string): string {
    const luck = random.between(0, 999);
    if (luck < 8) return `${text} `;
    if (luck < 12) return ` ${text}`;
    if (luck < 18) return text.toUpperCase();
    return text;
  },
  /** A number whose check digit is sometimes wrong. */
  checked(random: Random, number: string, wrongPerMille: number): string {
    return random.between(0, 999) < wrongPerMille ? spoilLast(number) : number;
  },
};
