// Drives a headless Chromium: one command a line on standard input, one answer a line on standard output, both JSON.
// chromium.py starts it. What the page asks for is kept in a list of requests; names of other machines do not resolve.

import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const [executablePath] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
    '--ignore-gpu-blocklist', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1', '--disable-dev-shm-usage',
  ],
});
const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, locale: 'en-US' });
const page = await context.newPage();
const seen = { requests: [], failures: [], errors: [], violations: [] };

function listen(message) {
  if (/Content Security Policy|Refused to/.test(message.text())) seen.violations.push(message.text());
  else if (message.type() === 'error') seen.errors.push(message.text());
}
page.on('console', listen);
page.on('worker', worker => worker.on?.('console', listen));
page.on('pageerror', error => seen.errors.push(String(error)));
context.on('request', request => seen.requests.push({ method: request.method(), url: request.url() }));
context.on('requestfailed', request => seen.failures.push({ url: request.url(), why: request.failure()?.errorText }));
context.on('response', response => {
  if (response.status() >= 400) seen.failures.push({ url: response.url(), why: String(response.status()) });
});

const commands = {
  before_pages: async ({ script }) => { await context.addInitScript(script); },
  open: async ({ url }) => { await page.goto(url, { waitUntil: 'domcontentloaded' }); },
  screenshot: async ({ path }) => { await page.screenshot({ path }); },
  box: async ({ selector, nth = 0 }) => {
    const found = page.locator(selector).nth(nth);
    await found.waitFor({ state: 'visible' });
    return found.boundingBox();
  },
  text: async ({ selector = 'body' }) => page.locator(selector).first().innerText(),
  until_shown: async ({ selector }) => { await page.locator(selector).first().waitFor({ state: 'visible' }); },
  wait_for: async ({ text }) => { await page.getByText(text).first().waitFor({ state: 'visible' }); },
  click: async ({ text, selector, twice = false }) => {
    const found = (selector ? page.locator(selector) : page.getByText(text)).first();
    await (twice ? found.dblclick() : found.click());
  },
  wheel: async ({ x, y, by }) => {
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, by);
  },
  press: async ({ key }) => { await page.keyboard.press(key); },
  fill: async ({ label, text, nth = 0 }) => { await page.getByLabel(label).nth(nth).fill(text); },
  press_button: async ({ name, role = 'button', exact = false }) => { await page.getByRole(role, { name, exact }).first().click(); },
  until_gone: async ({ text, selector }) => { await (selector ? page.locator(selector) : page.getByText(text)).first().waitFor({ state: 'hidden' }); },
  choose_files: async ({ selector, paths }) => { await page.locator(selector).setInputFiles(paths); },
  download: async ({ name }) => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).first().click()]);
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
  },
  size: async ({ width, height }) => { await page.setViewportSize({ width, height }); },
  colors: async ({ scheme }) => { await page.emulateMedia({ colorScheme: scheme }); },
  address: async () => page.url(),
  addresses: async () => context.pages().map(other => other.url()),
  forget: async () => {
    await page.goto('about:blank');
    await context.clearCookies();
  },
  run: async ({ script }) => page.evaluate(script),
  // What axe-core says is wrong with the page, of an impact that keeps people out.
  barriers: async () => {
    // Evaluated by the debugger: a policy that forbids inline scripts does not apply.
    await page.evaluate(await readFile(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8'));
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => ({ id, help, where: nodes.slice(0, 4).map(({ html, any }) => `${html.slice(0, 200)} ${any[0]?.message ?? ''}`) }));
  },
  seen: async () => seen,
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, timeout = 240000, ...rest } = JSON.parse(line);
  let answer;
  try {
    page.setDefaultTimeout(timeout);
    answer = { value: (await commands[command](rest)) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
