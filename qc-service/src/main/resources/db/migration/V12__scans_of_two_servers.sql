-- V7 took one server for each accession id. Where two servers had given the same one, rows of the other server's scans bear the wrong server
-- since: an event names its own. A row that was stored under the right one after V7 is of the same thing: of the two the newer one stays.

create or replace function pg_temp.server_of(stored text) returns text language plpgsql as $$
begin
    -- PostgreSQL has no NUL in texts.
    return regexp_replace(stored, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::jsonb #>> '{session,server}';
exception when others then
    -- It names none; that it cannot be read is reported when it is read.
    return null;
end $$;
create or replace function pg_temp.session_at(server text, session text) returns text language sql as $$
    select server || substr(session, strpos(session, '/'))
$$;

create temporary table moved_event on commit drop as
select topic, identity, session, scan, pg_temp.session_at(payload #>> '{session,server}', session) as new_session,
    -- Identities of resources were taken from their events, with the right server.
    case when identity = session or starts_with(identity, session || '/')
        then pg_temp.session_at(payload #>> '{session,server}', session) || substr(identity, length(session) + 1)
        else identity end as new_identity
from latest_event
where topic in ('session-discovered', 'session-settled', 'series-tagged', 'series-exported', 'resource-exported')
    and strpos(session, '/') > 0
    and payload #>> '{session,server}' <> split_part(session, '/', 1);

create temporary table moved_image on commit drop as
select session, scan, stem, pg_temp.session_at(server, session) as new_session
from (select session, scan, stem, pg_temp.server_of(event) as server from qc_result) named
where server <> split_part(session, '/', 1);
create unique index on moved_image (session, scan, stem);

-- Checks of the one session go on in both: their numbers only grow.
insert into qc_session (session, check_revision)
select distinct m.new_session, s.check_revision
from (select session, new_session from moved_event union select session, new_session from moved_image) m
join qc_session s on s.session = m.session
on conflict (session) do update set check_revision = greatest(qc_session.check_revision, excluded.check_revision);

delete from latest_event e using moved_event m, latest_event older
where older.topic = m.topic and older.identity = m.identity and m.new_identity <> m.identity
    and e.topic = m.topic and e.identity = m.new_identity and (e.major, e.minor) < (older.major, older.minor);
delete from latest_event e using moved_event m, latest_event newer
where e.topic = m.topic and e.identity = m.identity and m.new_identity <> m.identity
    and newer.topic = m.topic and newer.identity = m.new_identity;
update latest_event e set identity = m.new_identity, session = m.new_session
from moved_event m where e.topic = m.topic and e.identity = m.identity;

-- A result, and numbers of it, that bear the right server were stored after V7: they are the newer ones.
delete from trend_value t using moved_image m, trend_value newer
where t.session = m.session and t.scan = m.scan and t.stem = m.stem
    and newer.session = m.new_session and newer.scan = t.scan and newer.stem = t.stem
    and newer.metric = t.metric and newer.version = t.version;
update trend_value t set session = m.new_session
from moved_image m where t.session = m.session and t.scan = m.scan and t.stem = m.stem;
delete from header_value h using moved_image m, header_value newer
where h.session = m.session and h.scan = m.scan and h.stem = m.stem
    and newer.session = m.new_session and newer.scan = h.scan and newer.stem = h.stem;
update header_value h set session = m.new_session
from moved_image m where h.session = m.session and h.scan = m.scan and h.stem = m.stem;
update alarm a set about = 'header' || E'\t' || m.new_session || E'\t' || m.scan || E'\t' || m.stem
from moved_image m where a.about = 'header' || E'\t' || m.session || E'\t' || m.scan || E'\t' || m.stem;

-- A start has no event: its image's result names the server, or else the export of its scan.
create temporary table moved_start on commit drop as
select b.session, b.scan, b.stem, coalesce(i.new_session, e.new_session) as new_session
from qc_begun b
left join moved_image i on i.session = b.session and i.scan = b.scan and i.stem = b.stem
left join (select session, scan, min(new_session) as new_session from moved_event
    where topic in ('series-tagged', 'series-exported') group by session, scan) e
    on e.session = b.session and e.scan = b.scan
        and not exists (select 1 from qc_result r where r.session = b.session and r.scan = b.scan and r.stem = b.stem)
where coalesce(i.new_session, e.new_session) is not null;
delete from qc_begun b using moved_start m, qc_begun newer
where b.session = m.session and b.scan = m.scan and b.stem = m.stem
    and newer.session = m.new_session and newer.scan = b.scan and newer.stem = b.stem;
update qc_begun b set session = m.new_session
from moved_start m where b.session = m.session and b.scan = m.scan and b.stem = m.stem;

delete from qc_result r using moved_image m, qc_result newer
where r.session = m.session and r.scan = m.scan and r.stem = m.stem
    and newer.session = m.new_session and newer.scan = m.scan and newer.stem = m.stem;
update qc_result r set session = m.new_session
from moved_image m where r.session = m.session and r.scan = m.scan and r.stem = m.stem;
