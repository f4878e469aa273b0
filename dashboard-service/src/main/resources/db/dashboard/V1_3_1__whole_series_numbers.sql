-- A DICOM series number is an IS: up to 12 characters.
alter table series alter column series_number type bigint;
