-- Roles per study and site; empty means all. Accounts of before keep their role, for all studies.
create table granted_role (
    id       bigint generated always as identity primary key,
    username text not null,
    role     text not null,
    study    text not null default '',
    site     text not null default '',
    unique (username, role, study, site)
);
insert into granted_role (username, role)
select username, substring(roles from '[^,]*$') from account where roles <> '';
