-- Sessions are decided again by study, many in a transaction that locks them: nobody owns them for longer.
alter table pipeline_session add column study text not null default '';
alter table pipeline_session drop column lease_owner;
alter table pipeline_session drop column lease_until;
