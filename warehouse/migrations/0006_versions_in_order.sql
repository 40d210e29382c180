-- raw.schema_versions gained version, so that a newer database is known as one.
drop table raw.schema_versions;
