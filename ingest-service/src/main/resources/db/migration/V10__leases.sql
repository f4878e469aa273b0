-- Leases are renewed, and those of an ended process are known by its name. No worker runs now that could hold one.
alter table session_hint drop column lease;
alter table session_hint add column lease_owner text;
update session_hint set lease_until = null;
alter table project_sweep add column lease_owner text;
update project_sweep set lease_until = null;
