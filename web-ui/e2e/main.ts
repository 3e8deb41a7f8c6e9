import process from 'node:process';
import { Dashboard } from './dashboard';
import { backUpTwice } from './journeys/backups';
import { firstDay } from './journeys/firstDay';
import { looks } from './journeys/looks';
import { serveAndKeep } from './journeys/exports';
import { addMachine } from './journeys/machines';
import { setUp } from './journeys/repositories';
import { makePolicy } from './journeys/policies';
import { restoreAndDelete } from './journeys/restores';
import { fromEnvironment } from './settings';
import { walk } from './steps';

// The dashboard in a browser against the real service and a live machine: `npm run e2e`. See settings.ts for the
// environment. Ends with a summary; exits non-zero when a step failed.
const settings = fromEnvironment();
const dashboard = await Dashboard.open(settings);
const started = Date.now();
const steps = [
  ...setUp(settings),
  ...firstDay(),
  ...addMachine(settings),
  ...backUpTwice(),
  ...makePolicy(),
  ...restoreAndDelete(),
  ...serveAndKeep(),
  ...looks(),
];
console.log(`The dashboard at ${settings.baseUrl}, in ${dashboard.browser.version()}`);
const { passed, failed, skipped } = await walk(dashboard, steps);
await dashboard.close();

const missed = steps.length - passed - failed.length - skipped;
const seconds = Math.round((Date.now() - started) / 1_000);
console.log('');
console.log(
  `${passed} of ${steps.length} steps passed, ${failed.length} failed, ${skipped} skipped, ${missed} not reached; ${seconds} s`,
);
for (const name of failed) console.log(`FAILED: ${name}`);
process.exitCode = failed.length > 0 ? 1 : 0;
