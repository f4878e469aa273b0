package org.datman.embedded;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The role of a service in PostgreSQL: it owns its schemas, and sees and creates nothing else.
 *
 * @param name of the role
 * @param password letters, digits, {@code _} and {@code -}
 * @param schemas that it owns
 */
public record ServiceRole(String name, String password, List<String> schemas) {

    /** What a table, sequence, view or function of a schema is altered with; sequences of a column follow its table. */
    private static final String OWN = """
            do $$
            declare one record;
            begin
                if not exists (select 1 from pg_namespace where nspname = '%1$s') then
                    create schema %1$s authorization %2$s;
                end if;
                alter schema %1$s owner to %2$s;
                for one in
                    select format(case c.relkind when 'S' then 'alter sequence %%I.%%I owner to %2$s'
                        when 'v' then 'alter view %%I.%%I owner to %2$s'
                        when 'm' then 'alter materialized view %%I.%%I owner to %2$s'
                        else 'alter table %%I.%%I owner to %2$s' end, n.nspname, c.relname) as statement
                    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
                    where n.nspname = '%1$s' and r.rolname <> '%2$s' and c.relkind in ('r', 'p', 'v', 'm', 'S')
                        and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
                            and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i'))
                    union all
                    select format('alter routine %%s owner to %2$s', p.oid::regprocedure)
                    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles r on r.oid = p.proowner
                    where n.nspname = '%1$s' and r.rolname <> '%2$s'
                loop
                    execute one.statement;
                end loop;
            end $$
            """;

    private static final String CREATE = """
            do $$ begin
                if not exists (select 1 from pg_roles where rolname = '%1$s') then create role %1$s; end if;
            end $$
            """;

    public ServiceRole {
        schemas = List.copyOf(schemas);
        if (!name.matches("[a-z][a-z_]*") || !schemas.stream().allMatch(schema -> schema.matches("[a-z][a-z_]*"))) {
            throw new IllegalArgumentException("Names of roles and schemas have lower-case letters and _ only");
        }
        if (!password.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException(
                    "The password of " + name + " may have letters, digits, _ and - only, and not be empty");
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return name + " of " + schemas;
    }

    /**
     * Creates the role, its password and its schemas. What is in them becomes its own: an installation of before had one role for all.
     * Does nothing where all is so.
     */
    void prepare(Connection database) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute(CREATE.formatted(name));
            statement.execute(
                    "alter role " + name + " login nosuperuser nocreatedb nocreaterole noreplication nobypassrls"
                            + " password '" + password + "'");
            for (String schema : schemas) {
                statement.execute(OWN.formatted(schema, name));
            }
        }
    }
}
