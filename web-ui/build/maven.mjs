// What Maven runs: `node build/maven.mjs verify|bundle`.
// Installs packages when the lock file changed, then runs the npm script when anything it reads changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

const INPUTS = [
  'build',
  'dev',
  'e2e',
  'eslint.config.js',
  'index.html',
  'openapi.json',
  'package-lock.json',
  'package.json',
  'postcss.config.js',
  'public',
  'src',
  'tsconfig.json',
  'tsconfig.app.json',
  'tsconfig.node.json',
  'vite.config.ts',
];
const GENERATED = join('src', 'api', 'schema.d.ts');

function* files(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    if (path !== GENERATED) yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) yield* files(join(path, name));
}

function digest(paths, ...more) {
  const hash = createHash('sha256');
  for (const text of [process.version, ...more]) hash.update(`${text}\0`);
  for (const path of paths) {
    for (const file of files(path)) hash.update(`${file}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function npm(...args) {
  const { status, error } = spawnSync('npm', args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(error?.message ?? `npm ${args.join(' ')} failed`);
    process.exit(status ?? 1);
  }
}

function unlessStamped(stamp, wanted, work) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(stamp, { force: true });
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

const script = process.argv[2] ?? 'verify';
unlessStamped(join('node_modules', '.lock-digest'), digest(['package.json', 'package-lock.json']), () =>
  npm('ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'),
);
if (!existsSync('dist')) rmSync(join('target', `${script}-digest`), { force: true });
unlessStamped(join('target', `${script}-digest`), digest(INPUTS, script), () => {
  npm('run', '--silent', script);
  // Maven copies dist/ there and would leave files of older builds beside it.
  rmSync(join('target', 'classes', 'static'), { recursive: true, force: true });
});
