import process from 'node:process';

/** What the suite is told by its environment. Everything is real: the service, and the machine behind the socket. */
export interface Settings {
  /** Where the service answers, without a slash at the end. It must be in its first minute: no repository, nothing protected yet. */
  baseUrl: string;
  /** The browser. */
  chromium: string;
  /** The QMP socket of a live machine (QEMU or qemu-storage-daemon). */
  qmpSocket: string;
  /** The URI of an NBD server that the machine runs already. */
  qmpNbdServer: string | undefined;
  /** A directory in which the machine may keep old blocks during a run. */
  scratchDirectory: string | undefined;
  /** A QMP socket that does not exist. */
  brokenQmpSocket: string;
  /** An NBD export that does not exist on a server that does. */
  brokenNbdUri: string | undefined;
  /** A directory of the service's host that does not exist yet, for a second repository. */
  otherRepository: string | undefined;
  /** Where pictures of every page go; none are taken otherwise, except of a failed step. */
  screenshots: string | undefined;
}

export function fromEnvironment(): Settings {
  const qmpSocket = required('QMP_SOCKET');
  return {
    baseUrl: required('BASE_URL').replace(/\/$/, ''),
    chromium: process.env.CHROMIUM ?? '/usr/bin/chromium',
    qmpSocket,
    qmpNbdServer: optional('QMP_NBD_SERVER'),
    scratchDirectory: optional('SCRATCH_DIRECTORY'),
    brokenQmpSocket: optional('BROKEN_QMP_SOCKET') ?? `${qmpSocket}.missing`,
    brokenNbdUri: optional('BROKEN_NBD_URI'),
    otherRepository: optional('OTHER_REPOSITORY'),
    screenshots: optional('SCREENSHOTS'),
  };
}

function optional(name: string): string | undefined {
  return process.env[name] === '' ? undefined : process.env[name];
}

function required(name: string): string {
  const value = optional(name);
  if (!value) throw new Error(`Set ${name}: see web-ui/e2e/settings.ts for what the suite needs.`);
  return value;
}
