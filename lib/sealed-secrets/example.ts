import type { SealingCertificate } from './certificate';

/**
 * The fingerprint of the certificate in `environments/homelab`. Its private key is public: the tests decrypt with it
 * what is sealed there, and so can anyone.
 */
export const EXAMPLE_FINGERPRINT = 'fb214ed6ab08ae0c68427f5b3bf84ffda5b95011813a1ed0bf8fb23c4f8a7d87';

/** Whether anyone can decrypt what a certificate seals. */
export const isExample = ({ fingerprint }: Pick<SealingCertificate, 'fingerprint'>): boolean =>
  fingerprint === EXAMPLE_FINGERPRINT;
