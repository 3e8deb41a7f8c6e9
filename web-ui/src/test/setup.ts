import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

afterEach(cleanup);
configure({ asyncUtilTimeout: 8_000 });

// What jsdom lacks and Mantine asks for.
window.matchMedia = (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
    dispatchEvent: () => false,
    onchange: null,
  }) as unknown as MediaQueryList;

class Observer {
  observe() {
    /* nothing has a size here */
  }
  unobserve() {
    /* nothing has a size here */
  }
  disconnect() {
    /* nothing has a size here */
  }
}
vi.stubGlobal('ResizeObserver', Observer);
window.HTMLElement.prototype.scrollIntoView = vi.fn();
window.scrollTo = vi.fn();
Object.defineProperty(document, 'fonts', { value: new EventTarget() });
