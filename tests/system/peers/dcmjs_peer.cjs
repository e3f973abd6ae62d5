// usage: node dcmjs_peer.cjs PORT FILE STUDY_INSTANCE_UID
// Echo, store, find and get with dcmjs-dimse; prints what came back as one JSON line.
const { Client, constants, requests, responses } = require('dcmjs-dimse');
const { CEchoRequest, CStoreRequest, CFindRequest, CGetRequest } = requests;
const { CStoreResponse } = responses;
require('dcmjs-dimse').log.level = 'error';

const [port, file, study] = process.argv.slice(2);
const result = { echo: null, store: null, found: [], got: [], get: null };

function session(request, prepare) {
  return new Promise((resolve, reject) => {
    const client = new Client();
    client.addRequest(request);
    if (prepare) prepare(client);
    client.on('networkError', reject);
    client.on('associationRejected', (reason) => reject(new Error('rejected: ' + JSON.stringify(reason))));
    client.on('closed', resolve);
    client.send('127.0.0.1', Number(port), 'DCMJS', 'FERMATA');
  });
}

(async () => {
  const echo = new CEchoRequest();
  echo.on('response', (response) => (result.echo = response.getStatus()));
  await session(echo);
  const store = new CStoreRequest(file);
  store.on('response', (response) => (result.store = response.getStatus()));
  await session(store);
  const find = CFindRequest.createStudyFindRequest({ StudyInstanceUID: study, PatientName: '', NumberOfStudyRelatedInstances: '' });
  find.on('response', (response) => {
    if (response.getStatus() === constants.Status.Pending && response.hasDataset())
      result.found.push(response.getDataset().getElements());
  });
  await session(find);
  const get = CGetRequest.createStudyGetRequest(study);
  get.on('response', (response) => {
    if (response.getStatus() !== constants.Status.Pending) result.get = response.getStatus();
  });
  await session(get, (client) =>
    client.on('cStoreRequest', (request, callback) => {
      result.got.push(request.getDataset().getElements().SOPInstanceUID);
      const response = CStoreResponse.fromRequest(request);
      response.setStatus(constants.Status.Success);
      callback(response);
    })
  );
  console.log(JSON.stringify(result));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
