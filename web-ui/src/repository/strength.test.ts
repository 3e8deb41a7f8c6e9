import { describe, expect, it } from 'vitest';
import { strength } from './strength';

describe('the strength of a passphrase', () => {
  it.each([
    ['', 0],
    ['elevenchars', 0],
    ['password1234', 1],
    ['aaaaaaaaaaaaaaaaaaaa', 1],
    ['tr0ub4dor&3xy', 2],
    ['river lamp stone', 2],
    ['river lamp stone mild', 4 - 1],
    ['correct horse battery staple fern', 4],
  ])('of “%s” is %i', (passphrase, score) => {
    expect(strength(passphrase, 12).score).toBe(score);
  });

  it('says how many characters are missing', () => {
    expect(strength('12345678', 12).text).toBe('4 more characters are needed.');
  });
});
