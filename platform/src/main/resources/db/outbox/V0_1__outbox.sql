-- Events that were said in a committed transaction and wait for Kafka.
create table outbox_event (
    id       bigint generated always as identity primary key,
    event_id uuid        not null,
    topic    text        not null,
    key      text        not null,
    headers  jsonb       not null,
    payload  bytea       not null,
    stored   timestamptz not null default now()
);
