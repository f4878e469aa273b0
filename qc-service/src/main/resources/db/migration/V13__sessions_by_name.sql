-- The sessions of a subject or a study, by their names.
create index latest_event_session_name on latest_event (((payload ->> 'name') collate "C")) where topic = 'session-discovered';
