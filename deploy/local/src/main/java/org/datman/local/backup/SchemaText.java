package org.datman.local.backup;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The definition of a schema as SQL, from PostgreSQL's catalog. What a service's migrations made: tables with their columns, constraints and
 * indexes, views, functions and triggers. Anything else is refused, so that no backup lacks it silently.
 */
final class SchemaText {

    /** Before the rows: functions and tables. After the rows: what checks, orders or shows them, and the numbers that are next. */
    static final String ROWS = "-- rows\n";

    private static final String STATEMENT_END = ";\n-- next\n";

    private static final String UNKNOWN = """
            select 'relation ' || c.relname || ' of kind ' || c.relkind::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and (c.relkind not in ('r', 'i', 'S', 'c', 'v') or c.relispartition or c.relhassubclass or c.relrowsecurity
                or (c.relkind = 'r' and c.relhasrules))
            union all
            select 'type ' || t.typname from pg_type t join pg_namespace n on n.oid = t.typnamespace
            where n.nspname = ? and t.typtype in ('e', 'd', 'r', 'm')
            union all
            select 'type ' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and c.relkind = 'c'
            union all
            select 'aggregate ' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = ? and p.prokind not in ('f', 'p')
            union all
            select 'sequence ' || c.relname || ' of no column' from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and c.relkind = 'S' and not exists (select 1 from pg_depend d
                where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'i')
            union all
            select 'column ' || c.relname || '.' || a.attname || ' that is computed' from pg_attribute a
            join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated <> ''
            """;

    private static final String FUNCTIONS = """
            select pg_get_functiondef(p.oid) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = ? order by p.proname, pg_get_function_identity_arguments(p.oid)
            """;

    private static final String COLUMNS = """
            select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                pg_get_expr(d.adbin, d.adrelid),
                case when a.attcollation <> t.typcollation then l.collname end
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            join pg_type t on t.oid = a.atttypid
            left join pg_collation l on l.oid = a.attcollation
            left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
            where n.nspname = ? and c.relkind = 'r' order by c.relname collate "C", a.attnum
            """;

    /** Keys before what refers to them. Those of type n say only that a column is not null (PostgreSQL 18). */
    private static final String CONSTRAINTS = """
            select c.relname, o.conname, pg_get_constraintdef(o.oid) from pg_constraint o
            join pg_class c on c.oid = o.conrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and o.contype in ('p', 'u', 'c', 'x', 'f')
            order by o.contype = 'f', c.relname collate "C", o.conname collate "C"
            """;

    private static final String INDEXES = """
            select pg_get_indexdef(i.indexrelid) from pg_index i
            join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and not exists (select 1 from pg_constraint o where o.conindid = i.indexrelid and o.contype in ('p', 'u', 'x'))
            order by x.relname collate "C"
            """;

    /** In the order in which they were made: one may read another. */
    private static final String VIEWS = """
            select c.relname, coalesce(array_to_string(c.reloptions, ', '), ''), pg_get_viewdef(c.oid)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and c.relkind = 'v' order by c.oid
            """;

    private static final String TRIGGERS = """
            select pg_get_triggerdef(t.oid) from pg_trigger t
            join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and not t.tgisinternal order by c.relname collate "C", t.tgname collate "C"
            """;

    private static final String SEQUENCES = """
            select c.relname, a.attname, s.relname from pg_class s
            join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.deptype = 'i'
            join pg_class c on c.oid = d.refobjid join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid
            join pg_namespace n on n.oid = s.relnamespace
            where n.nspname = ? and s.relkind = 'S' order by s.relname collate "C"
            """;

    private final Connection connection;
    private final String schema;
    private final StringBuilder text = new StringBuilder();

    private SchemaText(Connection connection, String schema) {
        this.connection = connection;
        this.schema = schema;
    }

    /** A column of a table of the schema. */
    record Column(String table, String name) {}

    /**
     * The definition of a schema.
     *
     * @throws SQLException when the schema has something that this class does not know, or PostgreSQL does not answer
     */
    static String of(Connection connection, String schema) throws SQLException {
        SchemaText definition = new SchemaText(connection, schema);
        definition.refuseUnknown();
        definition.write();
        return definition.text.toString();
    }

    /** All columns of all tables, in order. */
    static List<Column> columns(Connection connection, String schema) throws SQLException {
        return new SchemaText(connection, schema)
                .rows(COLUMNS, 1).stream()
                        .map(row -> new Column(row.get(0), row.get(1)))
                        .toList();
    }

    /** The statements of a definition, without those before or after the rows. */
    static List<String> statements(String definition, boolean afterRows) {
        int rows = definition.indexOf(ROWS);
        String part = afterRows ? definition.substring(rows + ROWS.length()) : definition.substring(0, rows);
        List<String> statements = new ArrayList<>();
        int from = 0;
        for (int end = part.indexOf(STATEMENT_END); end >= 0; end = part.indexOf(STATEMENT_END, from)) {
            statements.add(part.substring(from, end));
            from = end + STATEMENT_END.length();
        }
        return statements;
    }

    /** A name of PostgreSQL in quotes. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private void refuseUnknown() throws SQLException {
        List<List<String>> unknown = rows(UNKNOWN, 6);
        if (!unknown.isEmpty()) {
            throw new SQLException("Schema " + schema + " has what a backup does not know: "
                    + unknown.get(0).get(0) + ". Use pg_dump for this database");
        }
    }

    private void write() throws SQLException {
        statement("create schema " + quoted(schema));
        // A function may name tables that come later, and a default may name a function.
        statement("set check_function_bodies = off");
        for (List<String> function : rows(FUNCTIONS, 1)) {
            statement(function.get(0).strip());
        }
        tables();
        text.append(ROWS);
        for (List<String> constraint : rows(CONSTRAINTS, 1)) {
            statement("alter table " + name(constraint.get(0)) + " add constraint " + quoted(constraint.get(1)) + " "
                    + constraint.get(2));
        }
        for (List<String> index : rows(INDEXES, 1)) {
            statement(index.get(0));
        }
        for (List<String> view : rows(VIEWS, 1)) {
            String options = view.get(1).isEmpty() ? "" : " with (" + view.get(1) + ")";
            statement("create view " + name(view.get(0)) + options + " as "
                    + view.get(2).strip().replaceAll(";$", ""));
        }
        for (List<String> trigger : rows(TRIGGERS, 1)) {
            statement(trigger.get(0));
        }
        for (List<String> sequence : rows(SEQUENCES, 1)) {
            List<String> next = values("select last_value::text, is_called::text from " + name(sequence.get(2)))
                    .get(0);
            statement(String.format(
                    Locale.ROOT,
                    "select setval(pg_get_serial_sequence('%s', '%s'), %s, %s)",
                    literal(name(sequence.get(0))),
                    literal(sequence.get(1)),
                    next.get(0),
                    next.get(1)));
        }
    }

    private void tables() throws SQLException {
        String table = "";
        List<String> columns = new ArrayList<>();
        for (List<String> column : rows(COLUMNS, 1)) {
            if (!column.get(0).equals(table)) {
                table(table, columns);
                table = column.get(0);
            }
            columns.add(definition(column));
        }
        table(table, columns);
    }

    private void table(String table, List<String> columns) {
        if (!columns.isEmpty()) {
            statement("create table " + name(table) + " (\n    " + String.join(",\n    ", columns) + "\n)");
            columns.clear();
        }
    }

    private static String definition(List<String> column) {
        StringBuilder definition =
                new StringBuilder(quoted(column.get(1))).append(' ').append(column.get(2));
        if (!column.get(6).isEmpty()) {
            definition.append(" collate ").append(quoted(column.get(6)));
        }
        if (!column.get(5).isEmpty()) {
            definition.append(" default ").append(column.get(5));
        }
        if (!column.get(4).isEmpty()) {
            definition.append(
                    column.get(4).equals("a") ? " generated always as identity" : " generated by default as identity");
        }
        return definition.append(column.get(3).equals("t") ? " not null" : "").toString();
    }

    private void statement(String sql) {
        text.append(sql).append(STATEMENT_END);
    }

    private String name(String relation) {
        return quoted(schema) + "." + quoted(relation);
    }

    private static String literal(String value) {
        return value.replace("'", "''");
    }

    private List<List<String>> rows(String query, int schemas) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            for (int i = 1; i <= schemas; i++) {
                select.setString(i, schema);
            }
            return read(select);
        }
    }

    private List<List<String>> values(String query) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            return read(select);
        }
    }

    /** All values as text; an empty one for null. */
    private static List<List<String>> read(PreparedStatement select) throws SQLException {
        List<List<String>> all = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            int count = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= count; i++) {
                    String value = rows.getString(i);
                    row.add(value == null ? "" : value);
                }
                all.add(row);
            }
        }
        return all;
    }
}
