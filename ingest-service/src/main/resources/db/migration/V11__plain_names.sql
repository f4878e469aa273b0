-- Names that say what the columns hold; the data stays.
alter table session_hint rename column say_again to republish;
alter table remembered rename to setting;
update setting set name = 'published-configuration' where name = 'told-configuration';
update setting set name = 'published-configuration-state' where name = 'told-configuration-state';
