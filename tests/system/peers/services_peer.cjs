// A modality made of dcmjs-dimse: procedure steps and storage commitment.
//
// usage: node services_peer.cjs send PORT SESSION   one association: sends the requests of SESSION, a JSON object
//          {calling, linger, requests: [{kind, class, instance, action, attributes, dataset}]}, stays for `linger` ms,
//          and prints {responses, events} as one JSON line
//        node services_peer.cjs listen PORT         takes storage commitment reports; prints "listening", then each as a
//          JSON line, until it is ended
const { Client, Dataset, Scp, Server, constants, requests, responses } = require('dcmjs-dimse');
const { NActionRequest, NCreateRequest, NGetRequest, NSetRequest } = requests;
const { CEchoResponse, NEventReportResponse } = responses;
const { PresentationContextResult, SopClass, Status, TransferSyntax } = constants;
require('dcmjs-dimse').log.level = 'error';

function made(r) {
  switch (r.kind) {
    case 'N-CREATE':
      return new NCreateRequest(r.class, r.instance || '');
    case 'N-SET':
      return new NSetRequest(r.class, r.instance);
    case 'N-GET':
      return new NGetRequest(r.class, r.instance, r.attributes || []);
    case 'N-ACTION':
      return new NActionRequest(r.class, r.instance, r.action);
    default:
      throw new Error('unknown request ' + r.kind);
  }
}

function event(request) {
  return { type: request.getEventTypeId(), dataset: request.getDataset().getElements() };
}

function confirmation(request) {
  const response = NEventReportResponse.fromRequest(request);
  response.setStatus(Status.Success);
  return response;
}

async function send(port, session) {
  const result = { responses: [], events: [] };
  await new Promise((resolve, reject) => {
    const client = new Client();
    for (const r of session.requests) {
      const request = made(r);
      if (r.dataset) request.setDataset(new Dataset(r.dataset));
      request.on('response', (response) => {
        result.responses.push({
          status: response.getStatus(),
          comment: response.getErrorComment(),
          command: response.getCommandDataset().getElements(),
          dataset: response.hasDataset() ? response.getDataset().getElements() : null,
        });
      });
      client.addRequest(request);
    }
    client.on('nEventReportRequest', (request, callback) => {
      result.events.push(event(request));
      callback(confirmation(request));
    });
    client.on('networkError', reject);
    client.on('associationRejected', (reason) => reject(new Error('rejected: ' + JSON.stringify(reason))));
    client.on('closed', resolve);
    client.send('127.0.0.1', Number(port), session.calling, 'FERMATA', { associationLingerTimeout: session.linger || 0 });
  });
  console.log(JSON.stringify(result));
}

class CommitmentScu extends Scp {
  associationRequested(association) {
    this.association = association;
    for (const { id } of association.getPresentationContexts()) {
      const context = association.getPresentationContext(id);
      const known = [SopClass.StorageCommitmentPushModel, SopClass.Verification].includes(context.getAbstractSyntaxUid());
      this.role = { user: context.getUserRole(), provider: context.getProviderRole() };
      if (known) context.setResult(PresentationContextResult.Accept, TransferSyntax.ImplicitVRLittleEndian);
      else context.setResult(PresentationContextResult.RejectAbstractSyntaxNotSupported);
    }
    this.sendAssociationAccept();
  }
  cEchoRequest(request, callback) {
    callback(CEchoResponse.fromRequest(request));
  }
  nEventReportRequest(request, callback) {
    const from = { calling: this.association.getCallingAeTitle(), called: this.association.getCalledAeTitle() };
    console.log(JSON.stringify({ ...event(request), ...from, role: this.role }));
    callback(confirmation(request));
  }
  associationReleaseRequested() {
    this.sendAssociationReleaseResponse();
  }
}

async function listen(port) {
  const server = new Server(CommitmentScu);
  server.on('networkError', () => {});
  server.listen(Number(port));
  console.log('listening');
}

const [mode, port, session] = process.argv.slice(2);
(mode === 'listen' ? listen(port) : send(port, JSON.parse(session))).catch((error) => {
  console.error(error);
  process.exit(1);
});
