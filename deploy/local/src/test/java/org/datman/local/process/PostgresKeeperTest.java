package org.datman.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.datman.embedded.FreePort;
import org.datman.embedded.LocalPostgres;
import org.datman.local.InstallationFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresKeeperTest {

    @TempDir
    Path folder;

    @Test
    void aKilledDatabaseIsStartedAgainOnItsPortWithItsRows() throws Exception {
        // Given
        InstallationFolder home = new InstallationFolder(folder, folder);
        try (PostgresKeeper keeper =
                new PostgresKeeper(home, FreePort.any(), Duration.ofMillis(200), Duration.ofMinutes(2))) {
            keeper.start();
            execute(home, keeper, "create table written (number integer); insert into written values (42)");

            // When
            ProcessHandle.of(keeper.state().orElseThrow().pid()).orElseThrow().destroyForcibly();
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
                keeper.watch();
                return keeper.ready() && keeper.state().orElseThrow().restarts() == 1;
            });

            // Then
            try (Connection connection = connect(home, keeper);
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select number from written")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(42);
            }
        }
    }

    private static void execute(InstallationFolder home, PostgresKeeper keeper, String sql) throws Exception {
        try (Connection connection = connect(home, keeper);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(InstallationFolder home, PostgresKeeper keeper) throws Exception {
        String password = Files.readString(home.secret(InstallationFolder.POSTGRES_PASSWORD))
                .strip();
        return DriverManager.getConnection(keeper.jdbcUrl(), LocalPostgres.USER, password);
    }
}
