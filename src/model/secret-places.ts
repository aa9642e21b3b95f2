/** Where a ciphertext is stored; authenticated with it, so that one cannot be moved to another place. */
export const sourceSecretPlace = (sourceId: string, field: string): string => `source:${sourceId}:${field}`;
/** A secret in the input of a job, which serves that job and its re-runs. */
export const jobSecretPlace = (field: string): string => `job:${field}`;
export const signingKeyPlace = (kid: string): string => `signing-key:${kid}`;
