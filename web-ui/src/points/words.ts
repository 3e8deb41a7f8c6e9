const consistencyWords: Record<string, string> = {
  CRASH: 'Crash-consistent',
  CRASH_CONSISTENT: 'Crash-consistent',
  FILESYSTEM: 'File systems frozen',
  APPLICATION: 'Application-consistent',
  UNKNOWN: 'Not known',
};

export function consistency(code: string): string {
  return consistencyWords[code] ?? code;
}
