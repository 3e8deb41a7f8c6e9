import type { ConsoleMessage, Page, Request } from 'playwright-core';

const NO_RESOURCE = 'Failed to load resource';

/** Sees what a person does not: errors in the console, and requests to anywhere but the service. */
export class Witness {
  readonly #complaints: string[] = [];
  readonly #origin: string;
  #refusals: RegExp[] = [];

  constructor(page: Page, origin: string) {
    this.#origin = origin;
    page.on('console', (message) => this.#hear(message));
    page.on('pageerror', (error) => this.#complaints.push(`uncaught: ${error.message}`));
    page.on('request', (request) => this.#see(request));
  }

  /** The service is about to refuse these requests on purpose; the browser logs each as an error. */
  expectRefusals(...urls: RegExp[]) {
    this.#refusals = urls;
  }

  /** What came up since the last call. */
  complaints(): string[] {
    return this.#complaints.splice(0);
  }

  #hear(message: ConsoleMessage) {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const { url } = message.location();
    const refused = message.text().startsWith(NO_RESOURCE) && this.#refusals.some((known) => known.test(url));
    if (!refused) this.#complaints.push(`console ${message.type()}: ${message.text()} (${url})`);
  }

  #see(request: Request) {
    const url = request.url();
    if (!url.startsWith(this.#origin) && !/^(data|blob):/.test(url)) {
      this.#complaints.push(`request to a stranger: ${url}`);
    }
  }
}
