/** A node while somebody types it in, and what is wrong with it. */

import type { NodeFields, Right } from '../../api/types';

export interface NodeDraft {
  ae_title: string;
  host: string;
  port: string;
  rights: Right[];
  tls: boolean;
  any_address: boolean;
  description: string;
  preferred_transfer_syntaxes: string[];
  certificate: string;
  user_required: boolean;
}

export const kRights: Right[] = ['echo', 'store', 'query', 'retrieve'];
export const emptyNode: NodeDraft = {
  ae_title: '', host: '', port: '', rights: kRights, tls: false, any_address: false, description: '', preferred_transfer_syntaxes: [],
  certificate: '', user_required: false,
};

export interface DraftErrors { ae_title: boolean; host: boolean; port: boolean }

/** AE titles are of up to 16 characters without backslash (PS3.5 6.2, VR AE). */
export function draftErrors(draft: NodeDraft): DraftErrors {
  const port = draft.port.trim();
  return {
    ae_title: !/^[\x20-\x5B\x5D-\x7E]{1,16}$/.test(draft.ae_title.trim()),
    host: !draft.host.trim() && !draft.any_address,
    port: port !== '' && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535),
  };
}

export const toFields = (draft: NodeDraft): NodeFields => ({
  host: draft.host.trim(),
  ...(draft.port.trim() && { port: Number(draft.port.trim()) }),
  rights: draft.rights,
  tls: draft.tls,
  any_address: draft.any_address,
  description: draft.description.trim(),
  preferred_transfer_syntaxes: draft.preferred_transfer_syntaxes,
  certificate: draft.certificate.trim(),
  user_required: draft.user_required,
});

/** The rights that a caller lacked, in what the server says of it: "store CT Image Storage and 3 more, query". */
export const rightsIn = (wanted: string): Right[] => kRights.filter(right => wanted.includes(right));

/** What somebody who wanted this is let in with by the server, if nothing else is said. */
export function sensibleRights(wanted: string): Right[] {
  const lacked = rightsIn(wanted);
  return lacked.length > 0 ? withRight(lacked, 'echo', true) : kRights;
}

export const withRight = (rights: Right[], right: Right, on: boolean): Right[] => kRights.filter(known => (known === right ? on : rights.includes(known)));
