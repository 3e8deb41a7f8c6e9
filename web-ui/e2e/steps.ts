import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dashboard } from './dashboard';

export interface Step {
  /** A sentence about what holds. */
  name: string;
  run: (dashboard: Dashboard) => Promise<void>;
  /** Left out, with this reason. */
  unless?: string | undefined;
}

export interface Outcome {
  passed: number;
  failed: string[];
  skipped: number;
}

const SECOND = 1_000;

/** One after the other; a step may lean on what those before it did, so the first failure ends the journey. */
export async function walk(dashboard: Dashboard, steps: readonly Step[]): Promise<Outcome> {
  const outcome: Outcome = { passed: 0, failed: [], skipped: 0 };
  for (const { name, run, unless } of steps) {
    if (unless) {
      console.log(`  – ${name}: skipped, ${unless}`);
      outcome.skipped += 1;
      continue;
    }
    const started = Date.now();
    try {
      await run(dashboard);
      const complaints = dashboard.witness.complaints();
      if (complaints.length > 0) throw new Error(`the browser complained:\n${complaints.join('\n')}`);
      console.log(`  ✔ ${name} (${((Date.now() - started) / SECOND).toFixed(1)} s)`);
      outcome.passed += 1;
    } catch (error) {
      console.log(
        `  ✘ ${name}\n${indent(error instanceof Error ? (error.stack ?? error.message) : String(error))}`,
      );
      for (const complaint of dashboard.witness.complaints()) console.log(indent(complaint));
      console.log(`      at ${dashboard.page.url()}`);
      await picture(dashboard);
      outcome.failed.push(name);
      break;
    }
  }
  return outcome;
}

async function picture(dashboard: Dashboard) {
  const directory = dashboard.settings.screenshots ?? join(tmpdir(), 'nightjar-e2e');
  await dashboard.picture('failed', directory).then(
    () => console.log(`      picture: ${join(directory, 'failed.png')}`),
    () => console.log('      no picture could be taken'),
  );
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n');
}
