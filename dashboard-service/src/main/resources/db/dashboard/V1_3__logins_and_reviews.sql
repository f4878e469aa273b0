-- Logins that hold; ended by logout and by a new password. The digest is that of the cookie.
create table login (
    digest   text primary key,
    username text        not null,
    until    timestamptz not null
);
create index login_of_user on login (username);
create index login_until on login (until);

-- What is measured and not reviewed yet, for the inbox and for going from one session to the next.
create index series_unreviewed on series (since desc) where stage = 'MEASURED';

-- Numbers with the automatic QC of their image and the human review of it.
alter table metric add column verdict text not null default '';
alter table metric add column review  text not null default '';

-- An alarm is over when its scanner has other software.
alter table alarm add column scanner  text not null default '';
alter table alarm add column software text not null default '';

-- What was heard before has none of this: it is read again from the topics.
update rebuild set wanted = true where exists (select 1 from fact);
