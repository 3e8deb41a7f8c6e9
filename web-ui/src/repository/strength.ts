export interface Strength {
  /** 0 to 4. */
  score: number;
  text: string;
}

const COMMON = /^(password|passphrase|qwert|12345|nightjar|letmein|welcome|admin|backup)/i;

/** How many there are, as the service counts them. */
export function characters(text: string): number {
  return Array.from(text).length;
}

/** A hint, not a judge: how hard a passphrase is to guess for somebody who has the repository and much time. */
export function strength(passphrase: string, shortest: number): Strength {
  const length = characters(passphrase);
  if (length === 0)
    return { score: 0, text: `At least ${shortest} characters; a few unrelated words are good.` };
  if (length < shortest) return { score: 0, text: `${shortest - length} more characters are needed.` };
  const words = passphrase
    .trim()
    .split(/[\s_-]+/)
    .filter((word) => characters(word) >= 3).length;
  const different = new Set(Array.from(passphrase.toLowerCase())).size;
  if (COMMON.test(passphrase) || different < 6) {
    return { score: 1, text: 'Easy to guess: take words that nobody else would put together.' };
  }
  if (words >= 5 || length >= 24) return { score: 4, text: 'Strong.' };
  if (words >= 4 || length >= 18) return { score: 3, text: 'Good.' };
  return { score: 2, text: 'Fair: one or two more words make it strong.' };
}
