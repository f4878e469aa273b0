-- The latest event about each thing. A session is server/accession: two XNAT servers may give the same accession id.
create table latest_event (
    topic          text        not null,
    identity       text        not null,
    session        text        not null, -- empty: about no session
    scan           text        not null, -- empty: about no scan
    major          bigint      not null, -- the event's order: see EventOrder
    minor          bigint      not null,
    event_id       uuid        not null,
    published      timestamptz not null, -- first
    last_published timestamptz not null,
    payload        jsonb       not null,
    primary key (topic, identity)
);
create index latest_event_of_session on latest_event (session, scan);
