// usage: node stow_peer.mjs files URL FILE...     stores DICOM files with dicomweb-client
//        node stow_peer.mjs metadata URL FILE     stores what dcmjs reads: attributes as DICOM JSON, pixels as bulk data
// Prints the server's answer.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
globalThis.XMLHttpRequest = require('xhr2');
const { api } = require('dicomweb-client');
const { data } = require('dcmjs');

const [how, url, ...files] = process.argv.slice(2);
const contents = files.map((file) => readFileSync(file)).map((b) => b.buffer.slice(b.byteOffset, b.byteOffset + b.length));

async function storeFiles() {
  const client = new api.DICOMwebClient({ url });
  return client.storeInstances({ datasets: contents });
}

/// The attributes as dcmjs has them; what JSON can't hold becomes InlineBinary, or bulk data with a location.
function toJson(attributes, bulk) {
  const json = {};
  for (const [tag, { vr, Value: values }] of Object.entries(attributes)) {
    json[tag] = { vr };
    if (!values || values.length === 0) continue;
    if (vr === 'SQ') json[tag].Value = values.map((item) => toJson(item, bulk));
    else if (vr === 'AT') json[tag].Value = values.map((at) => (at >>> 0).toString(16).padStart(8, '0'));
    else if (!(values[0] instanceof ArrayBuffer)) json[tag].Value = values;
    else if (tag === '7FE00010') {
      json[tag].BulkDataURI = `bulk/${bulk.length}`;
      bulk.push(...values.map((value) => ({ location: json[tag].BulkDataURI, value })));
    } else json[tag].InlineBinary = Buffer.from(values[0]).toString('base64');
  }
  return json;
}

async function storeMetadata() {
  const { meta, dict } = data.DicomMessage.readFile(contents[0]);
  const transferSyntax = meta['00020010'].Value[0];
  const bulk = [];
  const json = JSON.stringify([toJson(dict, bulk)]);
  const boundary = 'dcmjs';
  const parts = [`\r\n--${boundary}\r\nContent-Type: application/dicom+json\r\n\r\n${json}`];
  for (const { location, value } of bulk) {
    const type = `application/octet-stream; transfer-syntax=${transferSyntax}`;
    parts.push(`\r\n--${boundary}\r\nContent-Type: ${type}\r\nContent-Location: ${location}\r\n\r\n`, value);
  }
  parts.push(`\r\n--${boundary}--`);
  const answer = await fetch(`${url}/studies`, {
    method: 'POST',
    headers: { 'Content-Type': `multipart/related; type="application/dicom+json"; boundary=${boundary}` },
    body: await new Blob(parts).arrayBuffer(),
  });
  return `${answer.status} ${await answer.text()}`;
}

console.log(await (how === 'files' ? storeFiles() : storeMetadata()));
