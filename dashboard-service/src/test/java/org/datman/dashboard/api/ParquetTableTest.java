package org.datman.dashboard.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.datman.dashboard.api.ParquetTable.Type;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are read by DuckDB. */
class ParquetTableTest {

    private static final Instant T = Instant.parse("2026-11-02T09:00:00.123456Z");

    @TempDir
    Path folder;

    @Test
    void anotherReaderFindsTheValuesWithTheirTypes() throws Exception {
        // Given texts of all kinds, the ends of numbers, and nothing
        List<List<?>> rows = List.of(
                row("SPN01", "=1+1;\"x\"\t<b>µ", -0.1, T),
                row("SPN01", "", Double.MIN_VALUE, Instant.EPOCH),
                row("SPN01", null, Double.MAX_VALUE, null));

        // When
        Path file = written(rows);

        // Then
        assertThat(query("select study, region, value, ended::timestamp from '" + file + "'"))
                .containsExactly(
                        List.of("SPN01", "=1+1;\"x\"\t<b>µ", "-0.1", "2026-11-02 09:00:00.123456"),
                        List.of("SPN01", "", Double.toString(Double.MIN_VALUE), "1970-01-01 00:00:00.0"),
                        Arrays.asList("SPN01", null, Double.toString(Double.MAX_VALUE), null));
        assertThat(query("select column_type from (describe select * from '" + file + "')"))
                .containsExactly(
                        List.of("VARCHAR"), List.of("VARCHAR"), List.of("DOUBLE"), List.of("TIMESTAMP WITH TIME ZONE"));
    }

    @Test
    void ofAMillionRowsFewAreInMemoryAtATime() throws Exception {
        // Given
        Path file = folder.resolve("million.parquet");
        long[] written = {0, 0};

        // When
        try (OutputStream out = Files.newOutputStream(file)) {
            ParquetTable.write(counting(out, written), columns(), row -> {
                for (int i = 0; i < 1_000_000; i++) {
                    row.accept(row("SPN01", "region " + i % 70, i / 7.0, T.plusSeconds(i / 100)));
                }
                written[1] = written[0];
            });
        }

        // Then
        assertThat(written[0] - written[1])
                .as("bytes still held at the last row")
                .isLessThan(8L << 20);
        assertThat(written[0]).isLessThan(20L << 20);
        assertThat(query("select count(*), sum(value)::bigint, count(distinct region) from '" + file + "'"))
                .containsExactly(List.of("1000000", Long.toString(Math.round(999_999.0 * 500_000 / 7)), "70"));
    }

    @Test
    void aTableWithoutRowsIsATable() throws Exception {
        // When
        Path file = written(List.of());

        // Then
        assertThat(query("select count(*) from '" + file + "'")).containsExactly(List.of("0"));
    }

    @Test
    void ofRowsThatFailThereIsNoTable() throws Exception {
        // Given
        Path file = folder.resolve("part.parquet");

        // When
        try (OutputStream out = Files.newOutputStream(file)) {
            assertThatThrownBy(() -> ParquetTable.write(out, columns(), row -> {
                        for (int i = 0; i < 500_000; i++) {
                            row.accept(row("SPN01", "region " + i, i / 7.0, T));
                        }
                        throw new IllegalStateException("the database is gone");
                    }))
                    .hasMessage("the database is gone");
        }

        // Then
        assertThat(file).as("row groups were written").isNotEmptyFile();
        assertThatThrownBy(() -> query("select count(*) from '" + file + "'")).isInstanceOf(SQLException.class);
    }

    @Test
    void ofAReadModelThatWasRebuiltMeanwhileThereIsNoTable() throws Exception {
        // Given
        Path file = folder.resolve("rebuilt.parquet");
        Consumer<Consumer<List<?>>> rows = row -> row.accept(row("SPN01", "region", 1.0, T));

        // When
        try (OutputStream out = Files.newOutputStream(file)) {
            assertThatThrownBy(() -> ParquetTable.write(out, columns(), StudyTables.whole("SPN01", rows, () -> true)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("rebuilt while");
        }

        // Then
        assertThatThrownBy(() -> query("select count(*) from '" + file + "'")).isInstanceOf(SQLException.class);
    }

    /** The compiler needs its names, and so they are on the class path of tests; in production they are not. */
    @Test
    void nothingOfHadoopIsNeeded() throws Exception {
        // Given
        List<URL> places = new ArrayList<>();
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String place :
                Pattern.compile(File.pathSeparator).splitAsStream(all).toList()) {
            if (!place.contains("hadoop-common")) {
                places.add(Path.of(place).toUri().toURL());
            }
        }
        Path file = folder.resolve("without.parquet");
        try (URLClassLoader production =
                        new URLClassLoader(places.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
                OutputStream out = Files.newOutputStream(file)) {
            assertThatThrownBy(() -> production.loadClass("org.apache.hadoop.conf.Configuration"))
                    .isInstanceOf(ClassNotFoundException.class);
            Class<?> table = production.loadClass(ParquetTable.class.getName());
            Object text = Arrays.stream(
                            production.loadClass(Type.class.getName()).getEnumConstants())
                    .filter(type -> type.toString().equals("TEXT"))
                    .findFirst()
                    .orElseThrow();
            Method write = table.getDeclaredMethod("write", OutputStream.class, Map.class, Consumer.class);
            write.setAccessible(true);
            Consumer<Consumer<List<?>>> rows = row -> row.accept(List.of("SPN01"));

            // When
            write.invoke(null, out, Map.of("study", text), rows);
        }

        // Then
        assertThat(query("select study from '" + file + "'")).containsExactly(List.of("SPN01"));
    }

    private static Map<String, Type> columns() {
        Map<String, Type> columns = new LinkedHashMap<>();
        columns.put("study", Type.TEXT);
        columns.put("region", Type.TEXT);
        columns.put("value", Type.NUMBER);
        columns.put("ended", Type.TIME);
        return columns;
    }

    private static List<?> row(@Nullable Object... cells) {
        return Arrays.asList(cells);
    }

    private Path written(List<List<?>> rows) throws IOException {
        Path file = folder.resolve("table.parquet");
        try (OutputStream out = Files.newOutputStream(file)) {
            ParquetTable.write(out, columns(), rows::forEach);
        }
        return file;
    }

    private static OutputStream counting(OutputStream out, long[] written) {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                out.write(value);
                written[0]++;
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                written[0] += length;
            }
        };
    }

    private static List<List<String>> query(String sql) throws SQLException {
        try (Connection duck = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                ResultSet found = duck.createStatement().executeQuery(sql)) {
            List<List<String>> rows = new ArrayList<>();
            while (found.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    Object value = found.getObject(i);
                    row.add(value == null ? null : value.toString());
                }
                rows.add(row);
            }
            return rows;
        }
    }
}
