-- How often a result was asked to be judged anew since it last was, because a person set another gold standard.
alter table qc_result add column judge_again bigint not null default 0;
create index qc_result_to_judge on qc_result (accession, scan, stem) where judge_again > 0;
