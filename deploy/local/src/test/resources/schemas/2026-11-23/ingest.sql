create schema "ingest";
-- next
set check_function_bodies = off;
-- next
create table "ingest"."listed_session" (
    "id" text not null,
    "project" text not null,
    "session_id" text not null,
    "signature" text not null,
    "missed" integer not null
);
-- next
create table "ingest"."outbox_event" (
    "id" bigint generated always as identity not null,
    "event_id" uuid not null,
    "topic" text not null,
    "key" text not null,
    "headers" jsonb not null,
    "payload" bytea not null,
    "stored" timestamp with time zone default now() not null
);
-- next
create table "ingest"."project_sweep" (
    "project" text not null,
    "next_at" timestamp with time zone not null,
    "lease_until" timestamp with time zone,
    "last_complete" timestamp with time zone
);
-- next
create table "ingest"."remembered" (
    "name" text not null,
    "value" text not null
);
-- next
create table "ingest"."resource_state" (
    "id" text not null,
    "session_id" text not null,
    "revision" bigint not null,
    "told" text not null
);
-- next
create table "ingest"."series_state" (
    "id" text not null,
    "session_id" text not null,
    "scan" text not null,
    "revision" bigint not null,
    "told" text not null
);
-- next
create table "ingest"."session_hint" (
    "id" text not null,
    "server" text not null,
    "accession" text not null,
    "origin" text not null,
    "correlation" text not null,
    "causation" text,
    "say_again" boolean not null,
    "scan" text,
    "first_hint" timestamp with time zone not null,
    "not_before" timestamp with time zone not null,
    "generation" bigint not null,
    "attempts" integer not null,
    "lease" uuid,
    "lease_until" timestamp with time zone
);
-- next
create table "ingest"."session_state" (
    "id" text not null,
    "server" text not null,
    "accession" text not null,
    "project" text not null,
    "deleted" boolean not null,
    "config_revision" text not null,
    "told" text not null,
    "outline" text not null,
    "first_seen" timestamp with time zone not null,
    "last_change" timestamp with time zone not null,
    "settle_at" timestamp with time zone,
    "settle_cap_at" timestamp with time zone,
    "settle_revision" bigint not null
);
-- next
create table "ingest"."webhook_delivery" (
    "id" bigint generated always as identity not null,
    "signature" text not null,
    "delivery" text not null,
    "body_digest" text not null,
    "received" timestamp with time zone not null,
    "shape" text not null,
    "accession" text not null,
    "project" text not null,
    "event" text not null,
    "body" bytea not null
);
-- next
-- rows
alter table "ingest"."listed_session" add constraint "listed_session_pkey" PRIMARY KEY (id);
-- next
alter table "ingest"."outbox_event" add constraint "outbox_event_pkey" PRIMARY KEY (id);
-- next
alter table "ingest"."project_sweep" add constraint "project_sweep_pkey" PRIMARY KEY (project);
-- next
alter table "ingest"."remembered" add constraint "remembered_pkey" PRIMARY KEY (name);
-- next
alter table "ingest"."resource_state" add constraint "resource_state_pkey" PRIMARY KEY (id);
-- next
alter table "ingest"."series_state" add constraint "series_state_pkey" PRIMARY KEY (id);
-- next
alter table "ingest"."session_hint" add constraint "session_hint_pkey" PRIMARY KEY (id);
-- next
alter table "ingest"."session_state" add constraint "session_state_pkey" PRIMARY KEY (id);
-- next
alter table "ingest"."webhook_delivery" add constraint "webhook_delivery_delivery_body_digest_key" UNIQUE (delivery, body_digest);
-- next
alter table "ingest"."webhook_delivery" add constraint "webhook_delivery_pkey" PRIMARY KEY (id);
-- next
alter table "ingest"."webhook_delivery" add constraint "webhook_delivery_signature_key" UNIQUE (signature);
-- next
alter table "ingest"."resource_state" add constraint "resource_state_session_id_fkey" FOREIGN KEY (session_id) REFERENCES ingest.session_state(id);
-- next
alter table "ingest"."series_state" add constraint "series_state_session_id_fkey" FOREIGN KEY (session_id) REFERENCES ingest.session_state(id);
-- next
CREATE INDEX listed_session_project ON ingest.listed_session USING btree (project);
-- next
CREATE INDEX listed_session_session ON ingest.listed_session USING btree (session_id);
-- next
CREATE INDEX resource_state_session ON ingest.resource_state USING btree (session_id);
-- next
CREATE INDEX series_state_session ON ingest.series_state USING btree (session_id);
-- next
CREATE INDEX session_hint_due ON ingest.session_hint USING btree (not_before);
-- next
CREATE INDEX session_state_settle ON ingest.session_state USING btree (settle_at) WHERE (settle_at IS NOT NULL);
-- next
CREATE INDEX webhook_delivery_received ON ingest.webhook_delivery USING btree (received);
-- next
select setval(pg_get_serial_sequence('"ingest"."outbox_event"', 'id'), 1, false);
-- next
select setval(pg_get_serial_sequence('"ingest"."webhook_delivery"', 'id'), 1, false);
-- next
