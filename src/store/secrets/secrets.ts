import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto';
import { AssayError } from '../../errors/assay-error.ts';

/** Encrypts and decrypts what must not be readable at rest. */
export interface Secrets {
  /** Short hash of the key, safe to show. */
  fingerprint: string;
  /** `place` is authenticated with the text: a ciphertext moved to another place does not decrypt. */
  encrypt(plain: string, place: string): string;
  /** Throws WRONG_KEY for the text of another key, INTERNAL for a damaged text or another place. Never names the plain text. */
  decrypt(text: string, place: string): string;
  /** The same for bytes: nonce, tag and ciphertext behind the fingerprint of the key, 36 bytes more than the plain ones. */
  seal(plain: Uint8Array, place: string): Buffer;
  unseal(sealed: Uint8Array, place: string): Buffer;
}

const VERSION = 'a1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** First 16 hex digits of SHA-256 over the key, with a prefix so that it is no plain hash of the key. */
export function keyFingerprint(key: Buffer): string {
  return createHash('sha256').update('assay key fingerprint\0').update(key).digest('hex').slice(0, 16);
}

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. Text form: `a1.<key fingerprint>.<base64url of nonce, tag and
 * ciphertext>`.
 *
 * @param bytes 32 of them
 */
export function openSecrets(bytes: Buffer): Secrets {
  if (bytes.length !== 32) throw new AssayError('BAD_CONFIG', `the secret key has ${bytes.length} bytes, expected 32`);
  const fingerprint = keyFingerprint(bytes);
  // Read once: bytes are made a key at each call, which takes twice as long as to encrypt 2 KB.
  const key = createSecretKey(bytes);
  const mark = Buffer.from(fingerprint, 'hex');
  return {
    seal(plain, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place, 'utf8'));
      const body = [cipher.update(plain), cipher.final()];
      return Buffer.concat([mark, nonce, cipher.getAuthTag(), ...body]);
    },
    unseal(sealed, place) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      const madeWith = bytes.subarray(0, mark.length);
      if (!madeWith.equals(mark))
        throw new AssayError(
          'WRONG_KEY',
          `the bytes at ${place} were encrypted with key ${madeWith.toString('hex')}, this process has key ${fingerprint}`,
        );
      const [nonce, tag] = [mark.length, mark.length + NONCE_BYTES];
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(nonce, tag), { authTagLength: TAG_BYTES })
          .setAAD(Buffer.from(place, 'utf8'))
          .setAuthTag(bytes.subarray(tag, tag + TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(tag + TAG_BYTES)), decipher.final()]);
      } catch (cause) {
        throw new AssayError('INTERNAL', `the bytes at ${place} are damaged or were moved from another place`, {
          cause,
        });
      }
    },
    fingerprint,
    encrypt(plain, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place, 'utf8'));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${VERSION}.${fingerprint}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    decrypt(text, place) {
      const [version, madeWith, payload] = text.split('.');
      if (version !== VERSION || !madeWith || !payload)
        throw new AssayError('INTERNAL', `the secret at ${place} is not in a known form`);
      if (madeWith !== fingerprint) {
        throw new AssayError(
          'WRONG_KEY',
          `the secret at ${place} was encrypted with key ${madeWith}, this process has key ${fingerprint}`,
        );
      }
      const bytes = Buffer.from(payload, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
          // Without it a tag cut to four bytes would be taken, and that can be guessed.
          authTagLength: TAG_BYTES,
        })
          .setAAD(Buffer.from(place, 'utf8'))
          .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw new AssayError('INTERNAL', `the secret at ${place} is damaged or was moved from another place`, {
          cause,
        });
      }
    },
  };
}
