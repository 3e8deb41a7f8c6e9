const consistencyWords: Record<string, string> = {
  CRASH: 'Crash-consistent',
  CRASH_CONSISTENT: 'Crash-consistent',
  FILESYSTEM: 'File systems frozen',
  APPLICATION: 'Application-consistent',
  KEPT: 'Kept of an export; the machine’s disk never was so',
  UNKNOWN: 'Not known',
};

export function consistency(code: string): string {
  return consistencyWords[code] ?? code;
}
