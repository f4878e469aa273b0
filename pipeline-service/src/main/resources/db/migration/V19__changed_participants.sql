-- What runs once for a participant is decided again when one of the sessions changes; these are found by name.
create table changed_participant (participant text primary key, changes bigint not null);
create index latest_event_session_name on latest_event (((payload ->> 'name') collate "C")) where topic = 'session-discovered';
