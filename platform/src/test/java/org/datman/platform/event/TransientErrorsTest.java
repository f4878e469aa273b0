package org.datman.platform.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransientErrorsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "No space left on device",
                "Read-only file system",
                "Input/output error",
                "Stale file handle",
                "Disk quota exceeded",
                "Permission denied",
                "Operation not permitted",
                "Transport endpoint is not connected",
                "Host is down"
            })
    void aFaultOfTheStoragePasses(String message) {
        // Given
        Exception ofAFile = new FileSystemException("/archive/x", null, message);
        Exception ofAStream = new UncheckedIOException(new IOException(message));
        Exception ofAnOldStream = new RuntimeException(new FileNotFoundException("/archive/x (" + message + ")"));

        // When / Then
        assertThat(TransientErrors.isOutage(ofAFile)).isTrue();
        assertThat(TransientErrors.isOutage(ofAStream)).isTrue();
        assertThat(TransientErrors.isOutage(ofAnOldStream)).isTrue();
    }

    /** SQLSTATE as PostgreSQL gives it: a NUL in a text, a value too long, a duplicate key, a row too large for an index. */
    @ParameterizedTest
    @ValueSource(strings = {"22021", "22001", "23505", "54000"})
    void aDatabaseThatRefusesTheDataWillRefuseItAgain(String state) {
        // Given
        SQLException refused = new SQLException("refused", state);

        // When
        boolean permanent = TransientErrors.isRefusedData(refused);

        // Then
        assertThat(permanent).isTrue();
    }

    /** A lost connection, a full disk, a shutdown, a standby that is read-only, a changed password, a missing right or table. */
    @ParameterizedTest
    @ValueSource(strings = {"08006", "53100", "57P01", "25006", "28P01", "42501", "42P01", "40001"})
    void aDatabaseThatCannotStoreNowIsWaitedFor(String state) {
        // Given
        SQLException away = new SQLException("away", state);

        // When
        boolean permanent = TransientErrors.isRefusedData(away);

        // Then
        assertThat(permanent).isFalse();
    }

    @Test
    void soDoTheExceptionsThatTheJdkMakesOfThem() {
        // Given
        Exception denied = new AccessDeniedException("/archive/x");

        // When / Then
        assertThat(TransientErrors.isOutage(denied)).isTrue();
        assertThat(TransientErrors.isOutage(new ReadOnlyFileSystemException())).isTrue();
    }

    @Test
    void aFaultOfOneFileStays() {
        // Given
        Exception gone = new NoSuchFileException("/archive/x");

        // When / Then
        assertThat(TransientErrors.isOutage(gone)).isFalse();
        assertThat(TransientErrors.isOutage(new FileAlreadyExistsException("/archive/x")))
                .isFalse();
        assertThat(TransientErrors.isOutage(new DirectoryNotEmptyException("/archive/x")))
                .isFalse();
        assertThat(TransientErrors.isOutage(new FileSystemException("/archive/x", null, "File name too long")))
                .isFalse();
        assertThat(TransientErrors.isOutage(new IOException("Unexpected end of ZLIB input stream")))
                .isFalse();
    }
}
