// Runs before the first paint, so that a dark page never flashes white. A file, not inline: the content
// security policy allows no inline script.
(() => {
  let stored = null;
  try {
    stored = window.localStorage.getItem('nightjar-color-scheme');
  } catch {
    // Storage may be forbidden; the system's preference then decides.
  }
  const dark =
    stored === 'dark' || (stored !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
