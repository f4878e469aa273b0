create schema "qc";
-- next
set check_function_bodies = off;
-- next
create table "qc"."alarm" (
    "identity" text not null,
    "about" text not null,
    "revision" bigint not null,
    "event" text not null
);
-- next
create table "qc"."gold_standard" (
    "study" text not null,
    "site" text not null,
    "tag" text not null,
    "valid_from" date not null,
    "event" text not null
);
-- next
create table "qc"."header_value" (
    "accession" text not null,
    "scan" text not null,
    "stem" text not null,
    "study" text not null,
    "site" text not null,
    "tag" text not null,
    "scanner" text not null,
    "day" date not null,
    "header" text not null
);
-- next
create table "qc"."outbox_event" (
    "id" bigint generated always as identity not null,
    "event_id" uuid not null,
    "topic" text not null,
    "key" text not null,
    "headers" jsonb not null,
    "payload" bytea not null,
    "stored" timestamp with time zone default now() not null
);
-- next
create table "qc"."qc_begun" (
    "accession" text not null,
    "scan" text not null,
    "stem" text not null,
    "times" integer not null
);
-- next
create table "qc"."qc_resource" (
    "accession" text not null,
    "identity" text not null,
    "exported" text not null
);
-- next
create table "qc"."qc_result" (
    "accession" text not null,
    "scan" text not null,
    "stem" text not null,
    "run_key" text not null,
    "event" text not null,
    "definitions" text default ''::text not null,
    "claimed_until" timestamp with time zone
);
-- next
create table "qc"."qc_review" (
    "accession" text not null,
    "stem" text not null,
    "decision" text not null,
    "review_id" text not null,
    "time" timestamp with time zone not null
);
-- next
create table "qc"."qc_series" (
    "accession" text not null,
    "scan" text not null,
    "tagged" text,
    "exported" text
);
-- next
create table "qc"."qc_session" (
    "accession" text not null,
    "discovered" text,
    "settled" text,
    "check_revision" bigint default 0 not null,
    "last_check" text
);
-- next
create table "qc"."trend_value" (
    "accession" text not null,
    "scan" text not null,
    "stem" text not null,
    "metric" text not null,
    "version" text not null,
    "study" text not null,
    "site" text not null,
    "tag" text not null,
    "scanner" text not null,
    "software" text not null,
    "coil" text not null,
    "content" text not null,
    "day" date not null,
    "value" double precision not null,
    "level" text not null
);
-- next
-- rows
alter table "qc"."alarm" add constraint "alarm_pkey" PRIMARY KEY (identity);
-- next
alter table "qc"."gold_standard" add constraint "gold_standard_pkey" PRIMARY KEY (study, site, tag, valid_from);
-- next
alter table "qc"."header_value" add constraint "header_value_pkey" PRIMARY KEY (accession, scan, stem);
-- next
alter table "qc"."outbox_event" add constraint "outbox_event_pkey" PRIMARY KEY (id);
-- next
alter table "qc"."qc_begun" add constraint "qc_begun_pkey" PRIMARY KEY (accession, scan, stem);
-- next
alter table "qc"."qc_resource" add constraint "qc_resource_pkey" PRIMARY KEY (accession, identity);
-- next
alter table "qc"."qc_result" add constraint "qc_result_pkey" PRIMARY KEY (accession, scan, stem);
-- next
alter table "qc"."qc_review" add constraint "qc_review_pkey" PRIMARY KEY (accession, stem);
-- next
alter table "qc"."qc_series" add constraint "qc_series_pkey" PRIMARY KEY (accession, scan);
-- next
alter table "qc"."qc_session" add constraint "qc_session_pkey" PRIMARY KEY (accession);
-- next
alter table "qc"."trend_value" add constraint "trend_value_pkey" PRIMARY KEY (accession, scan, stem, metric, version);
-- next
CREATE INDEX alarm_about ON qc.alarm USING btree (about);
-- next
CREATE INDEX header_over_time ON qc.header_value USING btree (study, site, tag, scanner, day);
-- next
CREATE INDEX qc_result_definitions ON qc.qc_result USING btree (definitions);
-- next
CREATE INDEX trend_of_stratum ON qc.trend_value USING btree (study, site, tag, metric, version, scanner, software, coil, day);
-- next
select setval(pg_get_serial_sequence('"qc"."outbox_event"', 'id'), 1, false);
-- next
