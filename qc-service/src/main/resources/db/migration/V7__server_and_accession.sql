-- Everything is kept by server and accession id (server/accession): two XNAT servers may give the same accession id. The events of other services
-- move to the table latest_event, which all services have.

create or replace function pg_temp.json_of(stored text) returns jsonb language plpgsql as $$
begin
    -- PostgreSQL has no NUL in texts.
    return regexp_replace(stored, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::jsonb;
exception when others then
    -- It could not be read before either; that is said when it is read again, and the next event replaces it.
    return '{}';
end $$;
create or replace function pg_temp.number_of(event jsonb, key text) returns bigint language sql as $$
    select case when jsonb_typeof(event -> key) = 'number' then (event ->> key)::numeric::bigint else 0 end
$$;
create or replace function pg_temp.millis_of(event jsonb, key text) returns bigint language plpgsql as $$
begin
    return coalesce(floor(extract(epoch from (event ->> key)::timestamptz) * 1000)::bigint, 0);
exception when others then
    return 0;
end $$;

create temporary table known_server on commit drop as
select accession, min(server) as server from (
    select accession, pg_temp.json_of(discovered) #>> '{session,server}' as server from qc_session
    union all select accession, pg_temp.json_of(settled) #>> '{session,server}' from qc_session
    union all select accession, pg_temp.json_of(tagged) #>> '{session,server}' from qc_series
    union all select accession, pg_temp.json_of(exported) #>> '{session,server}' from qc_series
    union all select accession, pg_temp.json_of(exported) #>> '{session,server}' from qc_resource
    union all select accession, pg_temp.json_of(event) #>> '{session,server}' from qc_result) named
where server is not null group by accession;
create unique index on known_server (accession);

-- Where no event names the server it is the one that all others are of.
create or replace function pg_temp.session_of(of_accession text) returns text language sql as $$
    select coalesce(
        (select server from known_server where accession = of_accession),
        (select server from known_server group by server order by count(*) desc, server limit 1),
        'xnat') || '/' || of_accession
$$;

-- When they were published was not kept: an equal one replaces them.
insert into latest_event (topic, identity, session, scan, major, minor, event_id, published, last_published, payload)
select topic, identity, session, scan, major, minor, '00000000-0000-0000-0000-000000000000', to_timestamp(0), to_timestamp(0), event
from (
    select 'session-discovered' as topic, s as identity, s as session, '' as scan,
        pg_temp.number_of(event, 'sessionRevision') as major, 0 as minor, event
    from (select pg_temp.session_of(accession) s, pg_temp.json_of(discovered) event from qc_session
        where discovered is not null) d
    union all
    select 'session-settled', s, s, '', pg_temp.number_of(event, 'settleRevision'), 0, event
    from (select pg_temp.session_of(accession) s, pg_temp.json_of(settled) event from qc_session
        where settled is not null) d
    union all
    select 'series-tagged', s || '/' || scan, s, scan, pg_temp.number_of(event, 'seriesRevision'), 0, event
    from (select pg_temp.session_of(accession) s, scan, pg_temp.json_of(tagged) event from qc_series
        where tagged is not null) d
    union all
    select 'series-exported', s || '/' || scan, s, scan, pg_temp.number_of(event, 'seriesRevision'),
        pg_temp.number_of(event, 'exportRevision'), event
    from (select pg_temp.session_of(accession) s, scan, pg_temp.json_of(exported) event from qc_series
        where exported is not null) d
    union all
    select 'resource-exported', identity, s, '', pg_temp.number_of(event, 'resourceRevision'), 0, event
    from (select pg_temp.session_of(accession) s, identity, pg_temp.json_of(exported) event from qc_resource) d
    union all
    select 'gold-standard-set', study || '/' || site || '/' || tag || '#' || valid_from,
        coalesce((event #>> '{session,server}') || '/' || (event #>> '{session,accession}'), ''), '',
        pg_temp.millis_of(event, 'time'), 0, event
    from (select study, site, tag, valid_from, pg_temp.json_of(event) event from gold_standard) d
    union all
    -- Of a review the decision was kept and its time; the rest is blank.
    select 'qc-reviewed', s || case stem when '' then '' else '/' || stem end, s, '',
        floor(extract(epoch from time) * 1000)::bigint, 0,
        jsonb_strip_nulls(jsonb_build_object(
            'session', jsonb_build_object('server', left(s, -length(accession) - 1), 'accession', accession),
            'reviewId', review_id, 'study', '', 'sessionName', '', 'stem', nullif(stem, ''), 'decision', decision,
            'seen', '[]'::jsonb, 'reviewer', '',
            'time', to_char(time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))
    from (select pg_temp.session_of(accession) s, * from qc_review) d) carried_over;

drop table qc_series, qc_resource, qc_review, gold_standard;

alter table qc_session drop column discovered, drop column settled;
alter table qc_session rename column accession to session;
update qc_session set session = pg_temp.session_of(session);
alter table qc_result rename column accession to session;
update qc_result set session = pg_temp.session_of(session);
alter table qc_begun rename column accession to session;
update qc_begun set session = pg_temp.session_of(session);
alter table trend_value rename column accession to session;
update trend_value set session = pg_temp.session_of(session);
alter table header_value rename column accession to session;
update header_value set session = pg_temp.session_of(session);
update alarm set about = 'header' || E'\t' || pg_temp.session_of(split_part(about, E'\t', 2))
    || substr(about, length('header' || E'\t' || split_part(about, E'\t', 2)) + 1)
where about like E'header\t%';
