// usage: node prepare.mjs PACKAGE DESTINATION
//
// Makes the folder that the plugin serves from the published package @ohif/app. The viewer is published for the root
// of a server, and for browsers that reach the internet; here its references become relative or get a placeholder, and
// what is of no use without the internet is left out. Every change is checked: a version that looks different is refused.

import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const ownFolder = dirname(fileURLToPath(import.meta.url));

/** Not for the browser, or of no use offline: other hosts' settings, the service worker, login pages, sources, and the
 *  run-time of a segmentation model that would have to be downloaded from elsewhere. */
const leftOut = [
  /^_headers$/, /^_redirects$/, /^serve\.json$/, /^google\.js$/, /^sw\.js$/, /^init-service-worker\.js$/, /\.map$/,
  /^(silent-refresh\.html|oidc-client\.min\.js|es6-shim\.min\.js|polyfill\.min\.js)$/, /^customizations\//, /^ort\//,
  /^assets\/(manifest\.webapp|browserconfig\.xml|yandex-browser-manifest\.json)$/,
];

/** The decoders' bridge between WebAssembly and script (Embind) makes functions at run time. */
const makesFunctions = /new Function\(\s*"body"/;

/** What the Content-Security-Policy of the page would not let ndarray do. */
const ndarrayViews = readFileSync(join(ownFolder, 'ndarray_views.js'), 'utf8');

/** What browsers get compressed: here once, instead of by the server each time. */
const compressible = ['.css', '.html', '.js', '.json', '.jsonc', '.mjs', '.svg', '.ttf', '.wasm'];
const worthCompressing = 1024;

/** Served as templates. */
const templates = ['index.html', 'app-config.js'];

function fail(message) {
  console.error(`prepare.mjs: ${message}`);
  process.exit(1);
}

function unknown(what) {
  fail(`${what}; this version of OHIF needs another preparation`);
}

/** Replaces all of `pattern`; `count` is how often it has to be there (undefined: at least once). */
function replace(text, where, pattern, replacement, count) {
  let found = 0;
  const changed = text.replaceAll(pattern, (...match) => {
    found += 1;
    return typeof replacement === 'function' ? replacement(...match) : replacement;
  });
  if (count === undefined ? found === 0 : found !== count)
    unknown(`${where} has ${pattern} ${found} times, expected ${count ?? 'at least once'}`);
  return changed;
}

/** The page loads the program and the program its parts from window.PUBLIC_URL; a worker finds its own beside itself. */
const publicPath = 'self.PUBLIC_URL ?? new URL("./", self.location.href).href';

function script(text, name) {
  if (/^app\.bundle\.[0-9a-f]+\.js$/.test(name)) {
    text = replace(text, name, "browserImportFunction('/dicom-microscopy-viewer/",
      "browserImportFunction(window.PUBLIC_URL + 'dicom-microscopy-viewer/", 1);
  }
  if (text.includes('function compileConstructor(')) {
    text = replace(text, name, /function compileConstructor\(dtype, dimension\) \{.*?(?=function arrayDType\()/gs,
      () => `${ndarrayViews}\n`, 1);
  }
  const hasPublicPath = text.includes('__webpack_require__.p = "/";');
  if (hasPublicPath)
    text = replace(text, name, '__webpack_require__.p = "/";', `__webpack_require__.p = ${publicPath};`, 1);
  return { text, hasPublicPath };
}

function page(text) {
  const change = (...how) => { text = replace(text, 'index.html', ...how); };
  change(/<script rel="preload" as="script" type="module" src="\/init-service-worker\.js"><\/script>/g, '', 1);
  // Scripts in the page would need an exception in the Content-Security-Policy: app-config.js does their work.
  change(/<script>[^<]*window\.PUBLIC_URL="\/"<\/script>/g, '', 2);
  change(/<meta name="msapplication-[^>]*>/g, '');
  change(/<link rel="yandex-[^>]*>/g, '', 1);
  change(/="\/app-config\.js"/g, '="{{viewer}}/app-config.js"', 1);
  change(/="\/(?!\/)/g, '="{{viewer}}/{{version}}/');
  if (/<script>|https?:/.test(text)) unknown('index.html has scripts of its own, or names another server');
  return text;
}

function webManifest(text) {
  const manifest = JSON.parse(text);
  for (const icon of manifest.icons) icon.src = replace(icon.src, 'manifest.json', /^\//g, '', 1);
  manifest.start_url = '../';
  return JSON.stringify(manifest, null, 1);
}

function listed(folder, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? listed(folder, `${below}${entry.name}/`) : [`${below}${entry.name}`]);
}

/** The contents of all files to serve, by name. */
function prepared(dist) {
  const files = new Map();
  let bundles = 0;
  for (const name of listed(dist).sort()) {
    if (templates.includes(name) || leftOut.some(pattern => pattern.test(name))) continue;
    let bytes = readFileSync(join(dist, name));
    if (extname(name) === '.js') {
      const { text, hasPublicPath } = script(bytes.toString('utf8'), name);
      bytes = Buffer.from(text);
      if (hasPublicPath) bundles += 1;
    } else if (extname(name) === '.css') {
      bytes = Buffer.from(bytes.toString('utf8').replace(/url\(\/(?!\/)/g, 'url('));
    } else if (name === 'manifest.json') {
      bytes = Buffer.from(webManifest(bytes.toString('utf8')));
    }
    files.set(name, bytes);
  }
  if (bundles < 2) unknown('the program and its workers do not say where their parts are');
  return files;
}

/** The workers that make functions: these, and only these, may. The page's own program never calls its decoders. */
function functionMakers(files) {
  const scripts = [...files].filter(([name]) => extname(name) === '.js').map(([name, bytes]) => [name, bytes.toString('utf8')]);
  const makers = scripts.filter(([, text]) => makesFunctions.test(text)).map(([name]) => name);
  const hashes = makers.flatMap(name => /\.bundle\.([0-9a-f]+)\.js$/.exec(name)?.slice(1) ?? []);
  const workers = scripts.filter(([name, text]) => text.includes('importScripts(__webpack_require__.p') &&
    (makers.includes(name) || hashes.some(hash => text.includes(hash)))).map(([name]) => name);
  if (workers.length === 0) unknown('no worker decodes images');
  return workers;
}

/** No file may ask for another one at the root of the server anymore. */
function checkReferences(files) {
  const names = [...files.keys()].map(name => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const rooted = new RegExp(`["'\`(]/(${names.join('|')})`);
  for (const [name, bytes] of files) {
    if (!['.js', '.css', '.json', '.html', '.svg'].includes(extname(name))) continue;
    const text = bytes.toString('utf8');
    const found = rooted.exec(text);
    if (found) unknown(`${name} still asks for ${found[1]} at the root of the server`);
    if (/__webpack_require__\.p\s*=\s*["'][^"']/.test(text)) unknown(`${name} has a public path that was not replaced`);
  }
}

const [packageFolder, destination] = process.argv.slice(2);
if (!destination) fail('usage: node prepare.mjs PACKAGE DESTINATION');
// An empty folder is what a build tool makes for what it is about to get.
if (existsSync(destination) && readdirSync(destination).length > 0 && !existsSync(join(destination, 'app-config.js')))
  fail(`${destination} is there, and is no viewer: name another folder, or remove it`);
const dist = join(packageFolder, 'dist');
if (!existsSync(join(dist, 'index.html'))) unknown(`${dist} has no index.html`);

const files = prepared(dist);
checkReferences(files);
const workers = functionMakers(files);

// The version names the files' folder on the server: as soon as one of them is different they all have another address,
// and browsers may keep them for ever.
const digest = createHash('sha256');
for (const [name, bytes] of files) digest.update(`${name} ${bytes.length}\n`).update(bytes);
const { version: published } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
const version = `${published}-${digest.digest('hex').slice(0, 12)}`;

const texts = {
  'index.html': page(readFileSync(join(dist, 'index.html'), 'utf8')),
  'app-config.js': readFileSync(join(ownFolder, 'app-config.js'), 'utf8'),
};

// Made beside its place and then moved there: half of a viewer is never seen.
const fresh = join(dirname(destination), `.${basename(destination)}.new`);
rmSync(fresh, { recursive: true, force: true });
for (const [name, bytes] of files) {
  const path = join(fresh, 'static', version, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  if (compressible.includes(extname(name)) && bytes.length >= worthCompressing)
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
for (const [name, text] of Object.entries(texts))
  writeFileSync(join(fresh, name), text.replaceAll('{{version}}', version));
writeFileSync(join(fresh, 'workers.txt'), workers.map(name => `${version}/${name}\n`).join(''));
cpSync(join(packageFolder, 'LICENSE'), join(fresh, 'LICENSE'));
rmSync(destination, { recursive: true, force: true });
renameSync(fresh, destination);
const size = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
console.log(`OHIF ${version}: ${files.size} files, ${Math.round(size / 1e6)} MB, in ${destination}`);
