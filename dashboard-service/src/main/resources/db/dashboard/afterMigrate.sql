-- After every start's migration, so that views have the columns of their tables, and are there after a restore, too.
-- What a person may see who has no role for all studies. For such a person the SQL of the pages finds these views under the names of the
-- tables (search_path), so that no query can forget the condition. They read three settings, lists with a line per entry:
-- datman.studies (any site), datman.whole_studies (all sites), datman.sites (STUDY/SITE). Without them a view has no row.
do $$ begin
    -- A schema of an earlier version, before its migration, has nothing to look at.
    if to_regclass('${flyway:defaultSchema}.granted_role') is null or to_regclass('${flyway:defaultSchema}.audit_event') is null then
        return;
    end if;
    -- Only where it is missing: a service's role may have its schemas and create none.
    if not exists (select 1 from pg_namespace where nspname = '${flyway:defaultSchema}_granted') then
        create schema ${flyway:defaultSchema}_granted;
    end if;
    drop view if exists ${flyway:defaultSchema}_granted.session, ${flyway:defaultSchema}_granted.series, ${flyway:defaultSchema}_granted.metric, ${flyway:defaultSchema}_granted.alarm, ${flyway:defaultSchema}_granted.latest_run, ${flyway:defaultSchema}_granted.failure, ${flyway:defaultSchema}_granted.timeline_event, ${flyway:defaultSchema}_granted.review, ${flyway:defaultSchema}_granted.latest_event;

    create view ${flyway:defaultSchema}_granted.session as
    select * from ${flyway:defaultSchema}.session
    where study = any ((select string_to_array(current_setting('datman.studies', true), E'\n'))::text[])
        and (study = any ((select string_to_array(current_setting('datman.whole_studies', true), E'\n'))::text[])
            or study || '/' || site = any ((select string_to_array(current_setting('datman.sites', true), E'\n'))::text[]));

    create view ${flyway:defaultSchema}_granted.series as
    select * from ${flyway:defaultSchema}.series
    where study = any ((select string_to_array(current_setting('datman.studies', true), E'\n'))::text[])
        and (study = any ((select string_to_array(current_setting('datman.whole_studies', true), E'\n'))::text[])
            or study || '/' || site = any ((select string_to_array(current_setting('datman.sites', true), E'\n'))::text[]));

    create view ${flyway:defaultSchema}_granted.metric as
    select * from ${flyway:defaultSchema}.metric
    where study = any ((select string_to_array(current_setting('datman.studies', true), E'\n'))::text[])
        and (study = any ((select string_to_array(current_setting('datman.whole_studies', true), E'\n'))::text[])
            or study || '/' || site = any ((select string_to_array(current_setting('datman.sites', true), E'\n'))::text[]));

    create view ${flyway:defaultSchema}_granted.alarm as
    select * from ${flyway:defaultSchema}.alarm
    where study = any ((select string_to_array(current_setting('datman.studies', true), E'\n'))::text[])
        and (study = any ((select string_to_array(current_setting('datman.whole_studies', true), E'\n'))::text[])
            or study || '/' || site = any ((select string_to_array(current_setting('datman.sites', true), E'\n'))::text[]));

    create view ${flyway:defaultSchema}_granted.latest_run as
    select * from ${flyway:defaultSchema}.latest_run r
    where exists (select 1 from ${flyway:defaultSchema}_granted.session s where s.session = r.session);

    create view ${flyway:defaultSchema}_granted.failure as
    select * from ${flyway:defaultSchema}.failure f
    where exists (select 1 from ${flyway:defaultSchema}_granted.session s where s.session = f.session);

    create view ${flyway:defaultSchema}_granted.timeline_event as
    select * from ${flyway:defaultSchema}.timeline_event e
    where exists (select 1 from ${flyway:defaultSchema}_granted.session s where s.session = e.session);

    create view ${flyway:defaultSchema}_granted.review as
    select * from ${flyway:defaultSchema}.review r
    where exists (select 1 from ${flyway:defaultSchema}_granted.session s where s.session = r.session);

    -- Of the events of no session those of a study: of visits and forms the second part of the name is the site.
    create view ${flyway:defaultSchema}_granted.latest_event as
    select * from ${flyway:defaultSchema}.latest_event e
    where case
        when e.session <> '' then
            exists (select 1 from ${flyway:defaultSchema}_granted.session s where s.session = e.session)
        when e.topic in ('visit-planned', 'visit-checked', 'form-checked') then
            e.payload ->> 'study' = any ((select string_to_array(current_setting('datman.whole_studies', true), E'\n'))::text[])
            or (e.payload ->> 'study') || '/' || split_part(coalesce(e.payload ->> 'visit', e.payload ->> 'form'), '_', 2)
                = any ((select string_to_array(current_setting('datman.sites', true), E'\n'))::text[])
        when e.topic in ('pipeline-paused', 'configuration-confirmed') then
            e.payload ->> 'study' = any ((select string_to_array(current_setting('datman.studies', true), E'\n'))::text[])
        else false end;

    -- The audit log refuses changes, also in sessions that replay another server's changes.
    create or replace function ${flyway:defaultSchema}.refuse_change_of_audit_event() returns trigger language plpgsql as $body$
    begin
        raise exception 'audit_event is append-only';
    end $body$;
    drop trigger if exists audit_event_append_only on ${flyway:defaultSchema}.audit_event;
    create trigger audit_event_append_only before update or delete or truncate on ${flyway:defaultSchema}.audit_event
        for each statement execute function ${flyway:defaultSchema}.refuse_change_of_audit_event();
    alter table ${flyway:defaultSchema}.audit_event enable always trigger audit_event_append_only;
end $$;
