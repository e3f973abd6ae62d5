#include <cstddef>

#include "fermata/c/abi.h"
#include "fermata/c/application_entities.h"
#include "fermata/c/archive.h"
#include "fermata/c/audit_trail.h"
#include "fermata/c/authenticator.h"
#include "fermata/c/backup_source.h"
#include "fermata/c/blob_store.h"
#include "fermata/c/command.h"
#include "fermata/c/dimse_association.h"
#include "fermata/c/dimse_client.h"
#include "fermata/c/dimse_services.h"
#include "fermata/c/host_status.h"
#include "fermata/c/http_router.h"
#include "fermata/c/index.h"
#include "fermata/c/index_renewal.h"
#include "fermata/c/integrity.h"
#include "fermata/c/job_queue.h"
#include "fermata/c/plugin.h"
#include "fermata/c/state_store.h"
#include "fermata/c/station_directory.h"
#include "fermata/c/study_notes.h"
#include "fermata/c/transcoder.h"
#include "fermata/c/trash.h"
#include "fermata/c/web_application.h"
#include "fermata/c/worklist.h"

// What has been published stays where it is. A line changes only by growth: a new member at the end of a table or of a
// record that begins with its size makes the record larger and leaves the offset of its former last member alone; then
// the new member gets a line of its own. Everything else is a new revision of the service.
#define FIXED(record, size, last, offset)                                                          \
  static_assert(sizeof(record) == (size), "the size of a published record has changed: " #record); \
  static_assert(offsetof(record, last) == (offset), "a member of a published record has moved: " #record "." #last)

FIXED(fermata_str, 16, size, 8);
FIXED(fermata_bytes, 16, size, 8);
FIXED(fermata_strings, 16, count, 8);
FIXED(fermata_error, 1024, message, 4);
FIXED(fermata_application_entity, 128, origin, 80);
FIXED(fermata_application_entity, 128, last_seen_us, 96);
FIXED(fermata_application_entity, 128, reserved_2, 124);
FIXED(fermata_application_entity_cursor_vt, 24, next, 16);
FIXED(fermata_application_entity_cursor, 16, self, 8);
FIXED(fermata_caller, 104, address, 40);
FIXED(fermata_caller, 104, user, 88);
FIXED(fermata_admission, 16, reserved, 12);
FIXED(fermata_refused_caller, 112, times, 104);
FIXED(fermata_refused_caller_cursor_vt, 24, next, 16);
FIXED(fermata_refused_caller_cursor, 16, self, 8);
FIXED(fermata_application_entities_vt, 72, forget_refused, 64);
FIXED(fermata_store_request, 136, protocol, 104);
FIXED(fermata_store_request, 136, study_instance_uid, 120);
FIXED(fermata_store_outcome, 96, sop_class_uid, 80);
FIXED(fermata_store_operation_vt, 32, finish, 24);
FIXED(fermata_store_operation, 16, self, 8);
FIXED(fermata_object_reader_vt, 32, read_at, 24);
FIXED(fermata_object_reader, 16, self, 8);
FIXED(fermata_archive_vt, 72, statistics, 48);
FIXED(fermata_archive_vt, 72, capacity, 64);
FIXED(fermata_ingest_context_vt, 48, refuse, 40);
FIXED(fermata_ingest_context, 16, self, 8);
FIXED(fermata_ingest_hook_vt, 24, after_store, 16);
FIXED(fermata_blob_writer_vt, 32, commit, 24);
FIXED(fermata_blob_writer, 16, self, 8);
FIXED(fermata_blob_reader_vt, 32, read_at, 24);
FIXED(fermata_blob_reader, 16, self, 8);
FIXED(fermata_blob_entry, 32, length, 24);
FIXED(fermata_blob_cursor_vt, 24, next, 16);
FIXED(fermata_blob_cursor, 16, self, 8);
FIXED(fermata_capacity, 24, available, 16);
FIXED(fermata_blob_store_vt, 56, sync, 48);
FIXED(fermata_command_vt, 64, run, 24);
FIXED(fermata_command_vt, 64, needs_plugins, 32);
FIXED(fermata_command_vt, 64, run_at, 48);
FIXED(fermata_command_vt, 64, usage, 56);
FIXED(fermata_console_vt, 40, gone, 32);
FIXED(fermata_console, 16, self, 8);
FIXED(fermata_dimse_request, 144, peer_address, 112);
FIXED(fermata_dimse_request, 144, move_destination, 128);
FIXED(fermata_dimse_response, 104, data_set, 64);
FIXED(fermata_dimse_response, 104, attribute_count, 88);
FIXED(fermata_dimse_response, 104, reserved2, 98);
FIXED(fermata_dimse_response_sink_vt, 16, take, 8);
FIXED(fermata_dimse_response_sink, 16, self, 8);
FIXED(fermata_dimse_association_vt, 40, abort, 24);
FIXED(fermata_dimse_association_vt, 40, store, 32);
FIXED(fermata_dimse_association, 16, self, 8);
FIXED(fermata_dimse_context, 40, reserved, 36);
FIXED(fermata_dimse_contexts, 16, count, 8);
FIXED(fermata_dimse_destination, 56, calling_ae_title, 40);
FIXED(fermata_dimse_client_vt, 16, open, 8);
FIXED(fermata_dimse_responder_vt, 32, cancelled, 16);
FIXED(fermata_dimse_responder_vt, 32, association, 24);
FIXED(fermata_dimse_responder, 16, self, 8);
FIXED(fermata_dimse_service_vt, 16, handle, 8);
FIXED(fermata_dimse_service, 16, self, 8);
FIXED(fermata_dimse_services_vt, 16, add, 8);
FIXED(fermata_plugin_status, 80, reserved, 76);
FIXED(fermata_plugin_status_cursor_vt, 24, next, 16);
FIXED(fermata_plugin_status_cursor, 16, self, 8);
FIXED(fermata_counter_status, 48, value, 40);
FIXED(fermata_counter_status_cursor_vt, 24, next, 16);
FIXED(fermata_counter_status_cursor, 16, self, 8);
FIXED(fermata_host_status_vt, 72, counters, 32);
FIXED(fermata_host_status_vt, 72, settings, 48);
FIXED(fermata_host_status_vt, 72, conditions, 64);
FIXED(fermata_gauge_status, 48, value, 40);
FIXED(fermata_gauge_status_cursor_vt, 24, next, 16);
FIXED(fermata_gauge_status_cursor, 16, self, 8);
FIXED(fermata_condition, 80, since_us, 72);
FIXED(fermata_condition_cursor_vt, 24, next, 16);
FIXED(fermata_condition_cursor, 16, self, 8);
FIXED(fermata_http_request_vt, 120, read, 80);
FIXED(fermata_http_request_vt, 120, secure, 112);
FIXED(fermata_http_request, 16, self, 8);
FIXED(fermata_http_response_vt, 40, flush, 32);
FIXED(fermata_http_response, 16, self, 8);
FIXED(fermata_http_handler_vt, 16, handle, 8);
FIXED(fermata_http_handler, 16, self, 8);
FIXED(fermata_http_route, 72, permission, 40);
FIXED(fermata_http_route, 72, operation, 56);
FIXED(fermata_http_router_vt, 24, add, 8);
FIXED(fermata_http_router_vt, 24, routes, 16);
FIXED(fermata_frame_reader_vt, 32, frame, 24);
FIXED(fermata_frame_reader, 16, self, 8);
FIXED(fermata_transcoder_vt, 32, frames, 24);
FIXED(fermata_rendering, 96, source_height, 88);
FIXED(fermata_rendered_frame_vt, 24, bytes, 16);
FIXED(fermata_rendered_frame, 16, self, 8);
FIXED(fermata_frame_renderer_vt, 16, render, 8);
FIXED(fermata_bulk_value, 24, length, 16);
FIXED(fermata_instance_record, 192, bulk_count, 184);
FIXED(fermata_instance_cursor_vt, 24, next, 16);
FIXED(fermata_instance_cursor, 16, self, 8);
FIXED(fermata_match_cursor_vt, 24, next, 16);
FIXED(fermata_match_cursor, 16, self, 8);
FIXED(fermata_change, 72, sop_instance_uid, 56);
FIXED(fermata_change_cursor_vt, 24, next, 16);
FIXED(fermata_change_cursor, 16, self, 8);
FIXED(fermata_query, 48, limit, 40);
FIXED(fermata_selection, 72, sop_instance_uids, 56);
FIXED(fermata_index_statistics, 40, bytes, 32);
FIXED(fermata_index_transaction_vt, 40, commit, 32);
FIXED(fermata_index_transaction, 16, self, 8);
FIXED(fermata_index_vt, 64, clear, 56);
FIXED(fermata_new_index_vt, 72, take_over, 64);
FIXED(fermata_new_index, 16, self, 8);
FIXED(fermata_index_renewal_vt, 32, abandon, 24);
FIXED(fermata_value, 88, reserved2, 72);
FIXED(fermata_service, 24, self, 16);
FIXED(fermata_field, 32, value, 16);
FIXED(fermata_host, 88, fail, 56);
FIXED(fermata_host, 88, provider, 64);
FIXED(fermata_host, 88, condition, 80);
FIXED(fermata_plugin_vt, 48, destroy, 40);
FIXED(fermata_plugin, 16, self, 8);
FIXED(fermata_need, 16, reserved, 12);
FIXED(fermata_plugin_entry, 88, create, 80);
FIXED(fermata_document, 48, version, 40);
FIXED(fermata_document_cursor_vt, 24, next, 16);
FIXED(fermata_document_cursor, 16, self, 8);
FIXED(fermata_state_store_vt, 32, remove, 24);
FIXED(fermata_worklist_item, 56, data_set, 40);
FIXED(fermata_worklist_cursor_vt, 24, next, 16);
FIXED(fermata_worklist_cursor, 16, self, 8);
FIXED(fermata_worklist_vt, 40, set_status, 32);
FIXED(fermata_audit_event, 112, time_us, 104);
FIXED(fermata_audit_trail_vt, 16, record, 8);
FIXED(fermata_credentials, 56, peer_address, 40);
FIXED(fermata_identity_vt, 48, sees_study, 40);
FIXED(fermata_identity, 16, self, 8);
FIXED(fermata_authenticator_vt, 32, login_page, 16);
FIXED(fermata_authenticator_vt, 32, retry_after, 24);
FIXED(fermata_http_route_cursor_vt, 24, next, 16);
FIXED(fermata_http_route_cursor, 16, self, 8);
FIXED(fermata_log_line, 72, fields, 56);
FIXED(fermata_log_cursor_vt, 24, next, 16);
FIXED(fermata_log_cursor, 16, self, 8);
FIXED(fermata_setting, 104, description_de, 88);
FIXED(fermata_setting_cursor_vt, 24, next, 16);
FIXED(fermata_setting_cursor, 16, self, 8);
FIXED(fermata_job_request, 72, user, 56);
FIXED(fermata_job, 144, next_attempt_us, 136);
FIXED(fermata_job_cursor_vt, 24, next, 16);
FIXED(fermata_job_cursor, 16, self, 8);
FIXED(fermata_job_run_vt, 56, cancelled, 48);
FIXED(fermata_job_run, 16, self, 8);
FIXED(fermata_job_runner_vt, 16, run, 8);
FIXED(fermata_job_runner, 16, self, 8);
FIXED(fermata_job_queue_vt, 56, forget, 48);
FIXED(fermata_station, 80, seen_us, 72);
FIXED(fermata_station_cursor_vt, 24, next, 16);
FIXED(fermata_station_cursor, 16, self, 8);
FIXED(fermata_station_directory_vt, 24, problem, 16);
FIXED(fermata_discarded_study, 88, bytes, 80);
FIXED(fermata_discarded_study_cursor_vt, 24, next, 16);
FIXED(fermata_discarded_study_cursor, 16, self, 8);
FIXED(fermata_study_notes_vt, 24, put_note, 16);
FIXED(fermata_trash_vt, 40, list, 32);

FIXED(fermata_finding, 64, done, 48);
FIXED(fermata_object_copies_vt, 40, fetch, 32);
FIXED(fermata_integrity_walk_vt, 24, next, 16);
FIXED(fermata_integrity_vt, 16, walk, 8);

FIXED(fermata_backup_file, 56, path, 40);
FIXED(fermata_backup_session_vt, 40, open, 32);
FIXED(fermata_backup_session, 16, self, 8);
FIXED(fermata_backup_source_vt, 24, begin, 16);
FIXED(fermata_web_extension, 96, new_tab, 88);
FIXED(fermata_web_application_vt, 16, add, 8);
