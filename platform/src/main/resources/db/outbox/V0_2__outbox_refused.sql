-- When and why Kafka refused an event for good. It stays, with those of its key behind it, and is offered again now and then.
alter table outbox_event add column refused_at timestamptz;
alter table outbox_event add column refusal text;
create index outbox_event_refused on outbox_event (key, id) where refused_at is not null;
