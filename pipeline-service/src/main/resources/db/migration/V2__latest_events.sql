-- The events of other services move to the table latest_event, which all services have.

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

-- When they were published was not kept: an equal one replaces them.
insert into latest_event (topic, identity, session, scan, major, minor, event_id, published, last_published, payload)
select topic, identity, session, coalesce(event ->> 'scan', ''),
    case topic
        when 'session-discovered' then pg_temp.number_of(event, 'sessionRevision')
        when 'session-checked' then pg_temp.number_of(event, 'settleRevision')
        when 'qc-reviewed' then pg_temp.millis_of(event, 'time')
        else pg_temp.number_of(event, 'seriesRevision') end,
    case topic
        when 'series-exported' then pg_temp.number_of(event, 'exportRevision')
        when 'session-checked' then pg_temp.number_of(event, 'checkRevision')
        when 'qc-complete' then pg_temp.millis_of(event, 'finished')
        else 0 end,
    '00000000-0000-0000-0000-000000000000', to_timestamp(0), to_timestamp(0), event
from (select topic, identity, session, pg_temp.json_of(event) as event from remembered) r;

drop table remembered;
