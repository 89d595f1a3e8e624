/**
 * One VS Code with a fresh profile, and pages in it that run a test module inside the
 * extension host.
 *
 * The contract is that of VS Code's own web tests: the page's address names the
 * extension and the test module, and the page reports through two functions that the
 * browser lends it.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as readline from 'node:readline';
import { promisify } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const START_TIMEOUT_MS = 60_000;
const GRACE_MS = 5_000;

/** What would otherwise stand between a test and the editor. */
const QUIET = {
  'chat.disableAIFeatures': true,
  'extensions.ignoreRecommendations': true,
  // As on a desktop; in a browser every edit would be on the disk a second later.
  'files.autoSave': 'off',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  // Nothing slides, so that what is seen is where it stays.
  'workbench.reduceMotion': 'on',
  // A list that the focus has left for a moment stays open.
  'workbench.quickOpen.closeOnFocusLost': false,
  // Settings would otherwise open above everything else.
  'workbench.editor.useModal': 'off',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Nothing but the server under test can be reached.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

export class VSCode {
  #server;
  #browser;
  #port;
  #profile;
  #installation;
  #environment;

  /**
   * @param installation what `installVSCode` gave
   * @param profile an empty folder for everything that VS Code writes
   * @param vsix the package of an extension to install; without one, extensions and test
   *     modules come from folders, and VS Code is told that it is being tested, so that it
   *     shows no dialogs
   * @param environment variables that differ from ours
   */
  static async start({ installation, browser, profile, vsix, environment = {} }) {
    const vscode = new VSCode();
    vscode.#profile = profile;
    vscode.#installation = installation;
    vscode.#environment = environment;
    try {
      if (vsix !== undefined) {
        await vscode.#install(vsix);
      }
      await vscode.#startServer(vsix === undefined ? ['--enable-smoke-test-driver'] : []);
      vscode.#browser = await chromium.launch({ executablePath: browser, args: BROWSER_ARGUMENTS });
      return vscode;
    } catch (error) {
      await vscode.stop();
      throw error;
    }
  }

  /**
   * Opens a folder and runs the module's `run` in the extension host; throws when that
   * throws, or takes too long.
   *
   * @param tell called with each line that the page or the extension host logs
   */
  async runModule({ module, timeoutMs, tell, ...circumstances }) {
    const drive = async (page, load) => {
      const ended = new Promise((resolve) => {
        void page.exposeFunction('codeAutomationExit', resolve);
      });
      await page.exposeFunction('codeAutomationLog', (_type, args) => {
        tell(args.map(String).join(' '));
      });
      await load(['extensionTestsPath', this.#remote(module)]);
      const late = new AbortController();
      const timeout = delay(timeoutMs, 'no result', { signal: late.signal });
      // Whichever comes second is of no interest, also when it is the abort.
      timeout.catch(() => undefined);
      const status = await Promise.race([ended, timeout]);
      late.abort();
      if (status !== 0) {
        throw new Error(`${module} ended with ${status}`);
      }
    };
    await this.#withPage(circumstances, drive);
  }

  /** Opens a folder and lets `drive` use the page. */
  async open(circumstances, drive) {
    await this.#withPage(circumstances, async (page, load) => {
      await load();
      await drive(page);
    });
  }

  async #withPage({ folder, extension, settings, screenshot }, drive) {
    await this.#writeSettings(settings);
    const context = await this.#browser.newContext({ viewport: { width: 1200, height: 800 } });
    const page = await context.newPage();
    const load = (...payload) => page.goto(this.#address(folder, extension, payload));
    try {
      await drive(page, load);
    } finally {
      await page.screenshot({ path: screenshot });
      await context.close();
    }
  }

  /** Leaves nothing running: the extension host and the language server go too. */
  async stop() {
    await this.#browser?.close();
    if (this.#server?.pid === undefined) {
      return;
    }
    const group = -this.#server.pid;
    for (const signal of ['SIGTERM', 'SIGKILL']) {
      if (await this.#groupEnds(group, signal)) {
        return;
      }
    }
    throw new Error(`VS Code's process group ${group} survives SIGKILL.`);
  }

  get #program() {
    return path.join(this.#installation.folder, 'out', 'server-main.js');
  }

  async #install(vsix) {
    await promisify(execFile)(this.#installation.node, [
      this.#program,
      ...this.#folders(),
      ...['--install-extension', vsix],
    ]);
  }

  #folders() {
    return [
      ...['--server-data-dir', this.#profile],
      ...['--user-data-dir', path.join(this.#profile, 'user')],
      ...['--extensions-dir', path.join(this.#profile, 'extensions')],
    ];
  }

  /** @param more without the driver's switch a built VS Code ignores a module in the address */
  async #startServer(more) {
    const args = [
      this.#program,
      ...['--host', '127.0.0.1', '--port', '0'],
      ...this.#folders(),
      ...['--telemetry-level', 'off'],
      '--without-connection-token',
      '--accept-server-license-terms',
      ...more,
    ];
    this.#server = spawn(this.#installation.node, args, {
      // A group of its own, so that all of it can be ended at once.
      detached: true,
      // What the server remembers of a person is not the tests' to change.
      env: {
        ...process.env,
        XDG_STATE_HOME: path.join(this.#profile, 'state'),
        ...this.#environment,
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    process.once('exit', () => this.#kill());
    this.#port = await announcedPort(this.#server);
  }

  /** The last resort of a run that is broken off; a no-op after `stop`. */
  #kill() {
    try {
      process.kill(-this.#server.pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') {
        throw error;
      }
    }
  }

  async #groupEnds(group, signal) {
    try {
      process.kill(group, signal);
      for (let waited = 0; waited < GRACE_MS; waited += 50) {
        await delay(50);
        process.kill(group, 0);
      }
      return false;
    } catch (error) {
      if (error.code === 'ESRCH') {
        return true;
      }
      throw error;
    }
  }

  async #writeSettings(settings) {
    // Where VS Code keeps what an extension sets for this machine.
    await rm(path.join(this.#profile, 'user', 'Machine'), { recursive: true, force: true });
    const folder = path.join(this.#profile, 'user', 'User');
    await mkdir(folder, { recursive: true });
    await writeFile(
      path.join(folder, 'settings.json'),
      JSON.stringify({ ...QUIET, ...settings }, null, 2),
    );
  }

  #address(folder, extension, payload) {
    const address = new URL(`http://127.0.0.1:${this.#port}/`);
    const kind = folder?.endsWith('.code-workspace') ? 'workspace' : 'folder';
    address.searchParams.set(kind, folder);
    address.searchParams.set(
      'payload',
      JSON.stringify([
        ...(extension === undefined ? [] : [['extensionDevelopmentPath', this.#remote(extension)]]),
        ['skipWelcome', 'true'],
        ...payload,
      ]),
    );
    return address.href;
  }

  #remote(file) {
    return `vscode-remote://127.0.0.1:${this.#port}${file}`;
  }
}

/** The port that the server says it listens on, which it chose itself. */
async function announcedPort(server) {
  const lines = readline.createInterface({ input: server.stdout });
  const port = new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const announced = /Extension host agent listening on (\d+)/.exec(line);
      if (announced !== null) {
        resolve(Number(announced[1]));
      }
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`VS Code's server ended with ${code}.`)));
  });
  const late = new AbortController();
  const timeout = delay(START_TIMEOUT_MS, undefined, { signal: late.signal }).then(() => {
    throw new Error('VS Code did not say where it listens.');
  });
  try {
    return await Promise.race([port, timeout]);
  } finally {
    late.abort();
    timeout.catch(() => undefined);
  }
}
