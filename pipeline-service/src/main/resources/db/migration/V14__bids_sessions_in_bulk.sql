-- Sessions that wait because rules changed, or because they are older than datasets are: after those of which something changed.
alter table bids_session add column bulk boolean not null default false;
update bids_session set bulk = true where wanted <> written;
