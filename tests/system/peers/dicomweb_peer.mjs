// usage: node dicomweb_peer.mjs URL STUDY SERIES INSTANCE
// Searches and retrieves with dicomweb-client; prints what came back as one JSON line.
import { createRequire } from 'node:module';
import { createHash } from 'node:crypto';

const require = createRequire(import.meta.url);
globalThis.XMLHttpRequest = require('xhr2');
const { api } = require('dicomweb-client');

const [url, studyInstanceUID, seriesInstanceUID, sopInstanceUID] = process.argv.slice(2);
const client = new api.DICOMwebClient({ url, singlepart: '' });
const instance = { studyInstanceUID, seriesInstanceUID, sopInstanceUID };
const sha = (buffer) => createHash('sha256').update(Buffer.from(buffer)).digest('hex');
const uids = (list, tag) => list.map((item) => item[tag].Value[0]);

const result = {};
result.studies = uids(await client.searchForStudies({ queryParams: { StudyInstanceUID: studyInstanceUID } }), '0020000D');
result.series = uids(await client.searchForSeries({ studyInstanceUID }), '0020000E');
result.instances = uids(await client.searchForInstances({ studyInstanceUID }), '00080018');
result.metadata = uids(await client.retrieveStudyMetadata({ studyInstanceUID }), '00080018');
const [metadata] = await client.retrieveInstanceMetadata(instance);
result.study = (await client.retrieveStudy({ studyInstanceUID })).map(sha);
result.one_series = (await client.retrieveSeries({ studyInstanceUID, seriesInstanceUID })).map(sha);
result.instance = sha(await client.retrieveInstance(instance));
result.bulk = (await client.retrieveBulkData({ BulkDataURI: metadata['7FE00010'].BulkDataURI })).map(sha);
const attempt = async (name, call) => {
  try {
    result[name] = await call();
  } catch (error) {
    result[name] = `status ${error.status ?? error.message}`;
  }
};
await attempt('frames', async () => (await client.retrieveInstanceFrames({ ...instance, frameNumbers: [1] })).map(sha));
await attempt('rendered', async () => {
  const [rendered] = await client.retrieveInstanceRendered({ ...instance, mediaTypes: [{ mediaType: 'image/jpeg' }], queryParams: { viewport: '16,16' } });
  return Buffer.from(rendered).subarray(0, 3).toString('hex');
});
console.log(JSON.stringify(result));
