/**
 * `npm run screenshots`: the pictures of the README and the docs, taken of a Tidepool that really runs, with sandboxes and
 * requests like anybody's. Writes `docs/images/`.
 */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launchBrowser, openTab } from '../e2e/browser.ts';
import { type Scene, scenes, startShowcase } from '../e2e/page/scenes.ts';
import type { Tidepool } from '../e2e/tidepool.ts';
import { root } from './root.ts';
import { prepareImage } from './test-run/image.ts';

const looks = {
  '': { viewport: { width: 1280, height: 800 } },
  '-dark': { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  '-narrow': { viewport: { width: 360, height: 740 } },
  '-narrow-dark': { viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
} as const satisfies Record<string, BrowserContextOptions>;

/** Of each scene wide and light, and what else is worth seeing. */
const more: Readonly<Record<string, readonly (keyof typeof looks)[]>> = {
  home: ['-dark', '-narrow'],
  creating: ['-narrow-dark'],
  workspace: ['-dark', '-narrow'],
};

const directory = join(root, 'docs/images');
/** Bytes: the docs are read over slow lines too. */
const atMost = 150_000;

const images = await prepareImage((line) => console.log(line));
const fonts = await mkdtemp(join(tmpdir(), 'tp-fonts-'));
const browser = await launchBrowser({ env: { FONTCONFIG_FILE: await writeFontConfig(fonts) } });
const tidepool = await startShowcase({ TIDEPOOL_IMAGES: images });
try {
  await mkdir(directory, { recursive: true });
  let prepare: Scene['prepare'];
  let takeBack: Awaited<ReturnType<NonNullable<Scene['prepare']>>> = () => undefined;
  for (const scene of scenes) {
    if (scene.prepare !== prepare) {
      await takeBack();
      prepare = scene.prepare;
      takeBack = (await prepare?.(tidepool)) ?? (() => undefined);
    }
    for (const look of ['', ...(more[scene.name] ?? [])] as const) await shoot(browser, tidepool, scene, look);
  }
} finally {
  await browser.close();
  await tidepool.dispose();
  await rm(fonts, { recursive: true, force: true });
}

async function shoot(browser: Browser, tidepool: Tidepool, scene: Scene, look: keyof typeof looks): Promise<void> {
  // Nothing is caught in the middle of a movement.
  const page = await openTab(browser, tidepool, { ...looks[look], reducedMotion: 'reduce' });
  await page.goto(`${tidepool.appOrigin}/app${scene.path}`);
  await scene.open(page);
  await page.evaluate(() => document.fonts.ready);
  const path = join(directory, `${scene.name}${look}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  await page.context().close();
  const { size } = await stat(path);
  console.log(`${path.slice(root.length)} ${Math.round(size / 1000)} kB${size > atMost ? ', too large' : ''}`);
  if (size > atMost) process.exitCode = 1;
}

/** Where a system has no face of its own for pages, such as a bare server, Inter stands for it, if it is there. */
async function writeFontConfig(directory: string): Promise<string> {
  const prefer = (face: string, family: string) =>
    `<match><test name="family"><string>${family}</string></test><edit name="family" mode="prepend_first" binding="strong"><string>${face}</string></edit></match>`;
  const inFavour = [
    ...['system-ui', 'sans-serif', 'sans', 'DejaVu Sans'].map((family) => prefer('Inter', family)),
    // It falls back to the faces above, too, and would become Inter with them.
    prefer('DejaVu Sans Mono', 'monospace'),
  ];
  const path = join(directory, 'fonts.conf');
  const rules = ['<include>/etc/fonts/fonts.conf</include>', ...inFavour].join('');
  await writeFile(path, `<?xml version="1.0"?><fontconfig>${rules}</fontconfig>`);
  return path;
}
