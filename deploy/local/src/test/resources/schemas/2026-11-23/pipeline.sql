create schema "pipeline";
-- next
set check_function_bodies = off;
-- next
create table "pipeline"."job" (
    "id" bigint generated always as identity not null,
    "session" text not null,
    "pipeline" text not null,
    "run_key" text not null,
    "session_name" text not null,
    "request_id" text not null,
    "headers" text not null,
    "request" text not null,
    "state" text not null,
    "attempt" integer not null,
    "tries" integer default 0 not null,
    "not_before" timestamp with time zone default now() not null,
    "owner" text,
    "handle" text,
    "lease_until" timestamp with time zone,
    "result" text
);
-- next
create table "pipeline"."outbox_event" (
    "id" bigint generated always as identity not null,
    "event_id" uuid not null,
    "topic" text not null,
    "key" text not null,
    "headers" jsonb not null,
    "payload" bytea not null,
    "stored" timestamp with time zone default now() not null
);
-- next
create table "pipeline"."pipeline_session" (
    "session" text not null,
    "server" text not null,
    "accession" text not null,
    "decided_with" text default ''::text not null
);
-- next
create table "pipeline"."remembered" (
    "session" text not null,
    "topic" text not null,
    "identity" text not null,
    "event" text not null
);
-- next
create table "pipeline"."said" (
    "session" text not null,
    "pipeline" text not null,
    "what" text not null,
    "count" integer not null
);
-- next
-- rows
alter table "pipeline"."job" add constraint "job_pkey" PRIMARY KEY (id);
-- next
alter table "pipeline"."job" add constraint "job_session_pipeline_run_key_request_id_key" UNIQUE (session, pipeline, run_key, request_id);
-- next
alter table "pipeline"."job" add constraint "job_state_check" CHECK ((state = ANY (ARRAY['QUEUED'::text, 'RUNNING'::text, 'SUCCEEDED'::text, 'FAILED'::text])));
-- next
alter table "pipeline"."outbox_event" add constraint "outbox_event_pkey" PRIMARY KEY (id);
-- next
alter table "pipeline"."pipeline_session" add constraint "pipeline_session_pkey" PRIMARY KEY (session);
-- next
alter table "pipeline"."remembered" add constraint "remembered_pkey" PRIMARY KEY (session, topic, identity);
-- next
alter table "pipeline"."said" add constraint "said_pkey" PRIMARY KEY (session, pipeline);
-- next
alter table "pipeline"."job" add constraint "job_session_fkey" FOREIGN KEY (session) REFERENCES pipeline.pipeline_session(session);
-- next
alter table "pipeline"."remembered" add constraint "remembered_session_fkey" FOREIGN KEY (session) REFERENCES pipeline.pipeline_session(session);
-- next
alter table "pipeline"."said" add constraint "said_session_fkey" FOREIGN KEY (session) REFERENCES pipeline.pipeline_session(session);
-- next
CREATE INDEX job_to_do ON pipeline.job USING btree (not_before, id) WHERE (state = ANY (ARRAY['QUEUED'::text, 'RUNNING'::text]));
-- next
select setval(pg_get_serial_sequence('"pipeline"."job"', 'id'), 1, false);
-- next
select setval(pg_get_serial_sequence('"pipeline"."outbox_event"', 'id'), 1, false);
-- next
