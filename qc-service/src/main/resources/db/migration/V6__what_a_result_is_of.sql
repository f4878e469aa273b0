-- Of what a result is, by itself: a gold standard is for all images of a study, site and tag, those without a readable header too.
-- Null for a stored result that cannot be read: that it is so is told when it is done again, and must not keep the service from starting.
alter table qc_result add column study text;
alter table qc_result add column site text;
alter table qc_result add column tag text;
alter table qc_result add column day date;

create or replace function pg_temp.json_or_null(stored text) returns jsonb language plpgsql as $$
begin
    return stored::jsonb;
exception when others then
    return null;
end $$;
create or replace function pg_temp.date_or_null(stored text) returns date language plpgsql as $$
begin
    return stored::date;
exception when others then
    return null;
end $$;
update qc_result r set
    study = j.result ->> 'study', site = j.result ->> 'site', tag = j.result ->> 'tag',
    day = pg_temp.date_or_null(j.result ->> 'date')
from (select accession, scan, stem, pg_temp.json_or_null(event) result from qc_result) j
where j.accession = r.accession and j.scan = r.scan and j.stem = r.stem;

create index qc_result_of_tag on qc_result (study, site, tag, day);
