create schema "dashboard";
-- next
set check_function_bodies = off;
-- next
create table "dashboard"."account" (
    "id" bigint generated always as identity not null,
    "username" text not null,
    "password" text not null,
    "roles" text not null
);
-- next
create table "dashboard"."acknowledgement" (
    "failure" text not null,
    "by" text not null,
    "note" text not null,
    "time" timestamp with time zone not null
);
-- next
create table "dashboard"."alarm" (
    "identity" text not null,
    "revision" bigint not null,
    "session" text not null,
    "scan" text not null,
    "stem" text not null,
    "study" text not null,
    "site" text not null,
    "tag" text not null,
    "name" text not null,
    "phantom" boolean not null,
    "subject" text not null,
    "version" text not null,
    "rule" text not null,
    "severity" text not null,
    "state" text not null,
    "since" date not null,
    "noticed" date not null,
    "until" date,
    "usual" text not null,
    "now" text not null,
    "message" text not null,
    "action" text not null,
    "said" timestamp with time zone not null,
    "open" boolean not null
);
-- next
create table "dashboard"."fact" (
    "topic" text not null,
    "identity" text not null,
    "session" text not null,
    "scan" text not null,
    "rank1" bigint not null,
    "rank2" bigint not null,
    "event_id" uuid not null,
    "said" timestamp with time zone not null,
    "last_said" timestamp with time zone not null,
    "payload" jsonb not null
);
-- next
create table "dashboard"."failure" (
    "identity" text not null,
    "event_id" uuid not null,
    "cause" text not null,
    "session" text not null,
    "scan" text not null,
    "service" text not null,
    "stage" text not null,
    "kind" text not null,
    "code" text not null,
    "message" text not null,
    "action" text not null,
    "attempts" integer not null,
    "dead_letter" text not null,
    "time" timestamp with time zone not null,
    "open" boolean not null
);
-- next
create table "dashboard"."happening" (
    "event_id" uuid not null,
    "topic" text not null,
    "session" text not null,
    "scan" text not null,
    "said" timestamp with time zone not null,
    "source" text not null,
    "cause" text not null,
    "sentence" text not null
);
-- next
create table "dashboard"."metric" (
    "session" text not null,
    "scan" text not null,
    "stem" text not null,
    "key" text not null,
    "value" double precision not null,
    "unit" text not null,
    "study" text not null,
    "site" text not null,
    "tag" text not null,
    "name" text not null,
    "day" date not null,
    "version" text default '1'::text not null,
    "scanner" text default ''::text not null,
    "software" text default ''::text not null,
    "coil" text default ''::text not null,
    "phantom" boolean default false not null,
    "content" text default ''::text not null,
    "standing" text default 'GOOD'::text not null
);
-- next
create table "dashboard"."outbox_event" (
    "id" bigint generated always as identity not null,
    "event_id" uuid not null,
    "topic" text not null,
    "key" text not null,
    "headers" jsonb not null,
    "payload" bytea not null,
    "stored" timestamp with time zone default now() not null
);
-- next
create table "dashboard"."rebuild" (
    "one" boolean default true not null,
    "wanted" boolean not null,
    "started" timestamp with time zone,
    "ended" timestamp with time zone,
    "events" bigint default 0 not null
);
-- next
create table "dashboard"."review" (
    "id" uuid not null,
    "session" text not null,
    "scan" text not null,
    "stem" text not null,
    "decision" text not null,
    "comment" text not null,
    "reviewer" text not null,
    "time" timestamp with time zone not null
);
-- next
create table "dashboard"."series" (
    "session" text not null,
    "scan" text not null,
    "series_number" integer,
    "description" text not null,
    "tag" text not null,
    "study" text not null,
    "site" text not null,
    "name" text not null,
    "phantom" boolean not null,
    "stage" text not null,
    "state" text not null,
    "code" text not null,
    "reason" text not null,
    "action" text not null,
    "since" timestamp with time zone not null,
    "verdict" text not null,
    "review" text not null,
    "discovered" timestamp with time zone,
    "measured" timestamp with time zone,
    "verdict_seconds" double precision
);
-- next
create table "dashboard"."session" (
    "session" text not null,
    "server" text not null,
    "accession" text not null,
    "study" text not null,
    "site" text not null,
    "name" text not null,
    "label" text not null,
    "previous_label" text not null,
    "project" text not null,
    "subject_label" text not null,
    "phantom" boolean not null,
    "scan_day" date not null,
    "status" text not null,
    "named" boolean not null,
    "name_problem" text not null,
    "name_action" text not null,
    "state" text not null,
    "settled" timestamp with time zone,
    "checked" boolean not null,
    "complete" boolean not null,
    "missing" integer not null,
    "series" integer not null,
    "working" integer not null,
    "attention" integer not null,
    "failed" integer not null,
    "unreviewed" integer not null,
    "verdict" text not null,
    "review" text not null,
    "first_said" timestamp with time zone not null,
    "last_said" timestamp with time zone not null,
    "verdict_seconds" double precision,
    "search" text not null
);
-- next
-- rows
alter table "dashboard"."account" add constraint "account_pkey" PRIMARY KEY (id);
-- next
alter table "dashboard"."account" add constraint "account_username_key" UNIQUE (username);
-- next
alter table "dashboard"."acknowledgement" add constraint "acknowledgement_pkey" PRIMARY KEY (failure);
-- next
alter table "dashboard"."alarm" add constraint "alarm_pkey" PRIMARY KEY (identity);
-- next
alter table "dashboard"."fact" add constraint "fact_pkey" PRIMARY KEY (topic, identity);
-- next
alter table "dashboard"."failure" add constraint "failure_pkey" PRIMARY KEY (identity);
-- next
alter table "dashboard"."happening" add constraint "happening_pkey" PRIMARY KEY (event_id);
-- next
alter table "dashboard"."metric" add constraint "metric_pkey" PRIMARY KEY (session, scan, stem, key, version);
-- next
alter table "dashboard"."outbox_event" add constraint "outbox_event_pkey" PRIMARY KEY (id);
-- next
alter table "dashboard"."rebuild" add constraint "rebuild_one_check" CHECK (one);
-- next
alter table "dashboard"."rebuild" add constraint "rebuild_pkey" PRIMARY KEY (one);
-- next
alter table "dashboard"."review" add constraint "review_pkey" PRIMARY KEY (id);
-- next
alter table "dashboard"."series" add constraint "series_pkey" PRIMARY KEY (session, scan);
-- next
alter table "dashboard"."session" add constraint "session_pkey" PRIMARY KEY (session);
-- next
CREATE INDEX alarm_of_session ON dashboard.alarm USING btree (session);
-- next
CREATE INDEX alarm_of_subject ON dashboard.alarm USING btree (study, tag, subject, noticed);
-- next
CREATE INDEX alarm_open ON dashboard.alarm USING btree (said DESC) WHERE open;
-- next
CREATE INDEX fact_by_export_run ON dashboard.fact USING btree (((payload ->> 'runKey'::text))) WHERE (topic = 'series-exported'::text);
-- next
CREATE INDEX fact_by_pipeline_run ON dashboard.fact USING btree (((payload ->> 'runKey'::text))) WHERE (topic = 'pipeline-updated'::text);
-- next
CREATE INDEX fact_by_uid ON dashboard.fact USING btree (((payload ->> 'uid'::text))) WHERE (topic = 'series-discovered'::text);
-- next
CREATE INDEX fact_of_session ON dashboard.fact USING btree (session, scan);
-- next
CREATE INDEX failure_of_session ON dashboard.failure USING btree (session);
-- next
CREATE INDEX failure_open ON dashboard.failure USING btree ("time" DESC) WHERE open;
-- next
CREATE INDEX happening_of_cause ON dashboard.happening USING btree (cause) WHERE (cause <> ''::text);
-- next
CREATE INDEX happening_of_session ON dashboard.happening USING btree (session, said DESC);
-- next
CREATE INDEX happening_of_topic ON dashboard.happening USING btree (topic, said DESC);
-- next
CREATE INDEX metric_over_time ON dashboard.metric USING btree (study, tag, key, day);
-- next
CREATE INDEX review_of_session ON dashboard.review USING btree (session, "time" DESC);
-- next
CREATE INDEX series_in_work ON dashboard.series USING btree (since) WHERE (state = 'WORKING'::text);
-- next
CREATE INDEX series_measured ON dashboard.series USING btree (measured DESC) WHERE (measured IS NOT NULL);
-- next
CREATE INDEX series_of_inbox ON dashboard.series USING btree (state, since) WHERE (state = ANY (ARRAY['ATTENTION'::text, 'FAILED'::text]));
-- next
CREATE INDEX session_by_accession ON dashboard.session USING btree (accession);
-- next
CREATE INDEX session_by_change ON dashboard.session USING btree (study, last_said DESC, session);
-- next
CREATE INDEX session_by_day ON dashboard.session USING btree (study, scan_day DESC, session);
-- next
CREATE INDEX session_by_name ON dashboard.session USING btree (study, name, session);
-- next
CREATE INDEX session_by_site ON dashboard.session USING btree (study, site);
-- next
CREATE INDEX session_by_state ON dashboard.session USING btree (study, state, session);
-- next
CREATE INDEX session_incomplete ON dashboard.session USING btree (last_said DESC) WHERE (checked AND (NOT complete));
-- next
CREATE INDEX session_of_inbox ON dashboard.session USING btree (state, last_said DESC) WHERE ((state <> 'DONE'::text) AND (state <> 'WORKING'::text));
-- next
CREATE INDEX session_reopened ON dashboard.session USING btree (last_said DESC) WHERE (review = 'STALE'::text);
-- next
CREATE INDEX session_unnamed ON dashboard.session USING btree (last_said DESC) WHERE (NOT named);
-- next
select setval(pg_get_serial_sequence('"dashboard"."account"', 'id'), 1, false);
-- next
select setval(pg_get_serial_sequence('"dashboard"."outbox_event"', 'id'), 1, false);
-- next
