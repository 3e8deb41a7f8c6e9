import { bytes, count } from '../format/bytes';

/** A size, with the exact number of bytes on hover. */
export function Bytes({ of }: { of: number }) {
  return <span title={`${count(of)} bytes`}>{bytes(of)}</span>;
}
