-- What was published last about sessions, series and files moves to the table latest_event, which all services have.

create or replace function pg_temp.json_of(stored text) returns jsonb language sql as $$
    -- PostgreSQL has no NUL in texts.
    select regexp_replace(stored, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::jsonb
$$;

-- When they were published was not kept: the next one replaces them.
insert into latest_event (topic, identity, session, scan, major, minor, event_id, published, last_published, payload)
select topic, identity, session, scan, major, 0, '00000000-0000-0000-0000-000000000000', to_timestamp(0), to_timestamp(0), event
from (
    select 'session-discovered' as topic, id as identity, id as session, '' as scan,
        (event ->> 'sessionRevision')::bigint as major, event
    from (select id, pg_temp.json_of(told) as event from session_state) s
    union all
    select 'series-discovered', id, session_id, scan, revision, pg_temp.json_of(told) from series_state
    union all
    select 'resource-discovered', id, session_id, '', revision, pg_temp.json_of(told) from resource_state) published;

drop table series_state, resource_state;
alter table session_state drop column told;
