import { AxeBuilder } from '@axe-core/playwright';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import type { Settings } from './settings';
import { Witness } from './witness';

export type Scheme = 'light' | 'dark';

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

const WAIT_MILLIS = 20_000;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** A browser with one page on the dashboard. */
export class Dashboard {
  private constructor(
    readonly settings: Settings,
    readonly browser: Browser,
    readonly page: Page,
    readonly witness: Witness,
  ) {}

  static async open(settings: Settings): Promise<Dashboard> {
    const browser = await chromium.launch({ executablePath: settings.chromium, args: FLAGS });
    const context = await browser.newContext({
      baseURL: settings.baseUrl,
      viewport: DESKTOP,
      colorScheme: 'light',
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    });
    context.setDefaultTimeout(WAIT_MILLIS);
    const page = await context.newPage();
    return new Dashboard(settings, browser, page, new Witness(page, settings.baseUrl));
  }

  async close() {
    await this.browser.close();
  }

  /** Opens an address and waits until its data is there. */
  async go(path: string) {
    await this.page.goto(path);
    await this.settled();
  }

  async settled() {
    await this.page.locator('h1').first().waitFor();
    await this.page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
  }

  async show(text: string | RegExp) {
    await this.page.getByText(text).first().waitFor();
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { name, exact: typeof name === 'string' });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  alert(): Locator {
    return this.page.getByRole('alert').first();
  }

  async setScheme(scheme: Scheme) {
    await this.page.emulateMedia({ colorScheme: scheme });
  }

  /** What axe objects to on the page as it is. */
  async accessibilityProblems(): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page: this.page }).withTags(RULES).analyze();
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ target }) => target.join(' '))
          .slice(0, 3)
          .join(', ')}`,
    );
  }

  /** How many pixels of the page lie beyond the right edge. */
  async overflow(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  }

  async picture(name: string, directory: string | undefined = this.settings.screenshots) {
    if (!directory) return;
    await mkdir(directory, { recursive: true });
    await this.page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
  }
}
