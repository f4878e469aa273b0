-- A count began again at 1 with each row: a slow worker could delete a change that came after the one it had worked off.
alter table changed_participant add column change uuid;
update changed_participant set change = gen_random_uuid();
alter table changed_participant alter column change set not null, drop column changes;
