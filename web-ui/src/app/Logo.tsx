/** A nightjar in flight across the moon. Decoration: the word beside it is the name. */
export function Logo({ size = 30 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <path d="M21.5 5.5a11 11 0 1 0 5.2 14.2A9 9 0 0 1 21.5 5.5Z" fill="#f4d58d" />
      <path
        d="M3.5 15.2c4.6-1.4 8.3-.4 11 2.9 2.4-3.7 6.3-5.1 11.6-4.2-4.3 1.1-7 3.4-8.2 6.9l-3 4.2-2.6-4.1c-1.6-3-4.5-4.9-8.8-5.7Z"
        fill="#dfe6fb"
        stroke="#131c3d"
        strokeWidth="1.2"
        strokeLinejoin="round"
      />
    </svg>
  );
}
