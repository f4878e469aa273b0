package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.SeriesTagged;
import org.datman.export.convert.Dcm2niix;
import org.datman.export.convert.Decompressor;
import org.datman.export.convert.SeriesConversion;
import org.datman.export.index.SeriesState;
import org.datman.export.series.Reproduction.Outcome;
import org.datman.export.series.Reproduction.Result;
import org.datman.export.xnat.Xnat;
import org.datman.platform.archive.Archive;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproductionTest {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private ExportFixture fixture;
    private Session session;
    private SeriesTagged tagged;

    @BeforeEach
    void exported() throws IOException {
        fixture = new ExportFixture(folder);
        session = fixture.loadT1(3);
        tagged = fixture.t1(session);
        fixture.export(tagged);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Result reproduce(String converter) throws IOException {
        Reproduction reproduction = new Reproduction(
                new Xnat(Map.of(fixture.client.server(), fixture.client)),
                new SeriesConversion(
                        Dcm2niix.of(converter, LIMIT, 4096), Decompressor.of("gdcmconv", "dcmdjpls", LIMIT)),
                new Archive(folder.resolve("archive")));
        SeriesState state = fixture.states.read(tagged.session(), tagged.scan()).orElseThrow();
        return reproduction.reproduce(state, List.of(state), Files.createDirectories(folder.resolve("once-more")));
    }

    /** dcm2niix with another sidecar, and another version if one is given. */
    private String other(String version) throws IOException {
        Path script = folder.resolve("other-dcm2niix");
        Files.writeString(
                script,
                "#!/bin/sh\n"
                        + (version.isEmpty() ? "" : "[ \"$1\" = --version ] && { echo " + version + "; exit; }\n")
                        + "dcm2niix \"$@\"; code=$?\n"
                        + "[ \"$1\" = --version ] || sed -i 's/\"Modality\": \"MR\"/\"Modality\": \"OT\"/' out/*.json\n"
                        + "exit $code\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script.toString();
    }

    @Test
    void theSameFilesAndTheSameConverterMakeTheSameBytes() throws IOException {
        // When
        Result result = reproduce("dcm2niix");

        // Then
        assertThat(result.outcome()).as(result.text()).isEqualTo(Outcome.EQUAL);
        assertThat(result.files()).isEqualTo(2);
    }

    @Test
    void aConverterThatMakesOtherBytesUnderItsOldVersionIsReported() throws IOException {
        // Given
        String converter = other("");

        // When
        Result result = reproduce(converter);

        // Then
        assertThat(result.outcome()).isEqualTo(Outcome.DIFFERENT);
        assertThat(result.text()).contains(".json have other bytes").doesNotContain(".nii.gz");
    }

    @Test
    void aConverterOfAnotherVersionIsNamed() throws IOException {
        // Given
        String converter = other("v9.9.20991231");

        // When
        Result result = reproduce(converter);

        // Then
        assertThat(result.outcome()).isEqualTo(Outcome.OTHER_CONVERTER);
        assertThat(result.text()).contains("by dcm2niix v9.9.20991231, recorded was v1.");
    }

    @Test
    void otherFilesOnXnatAreReportedAndNotConvertedIntoADifference() throws IOException {
        // Given
        String path = ExportFixture.dicom(session.scans().get(0)).files().get(0).path();
        fixture.remove(session, session.scans().get(0), path);

        // When
        Result result = reproduce("dcm2niix");

        // Then
        assertThat(result.outcome()).isEqualTo(Outcome.OTHER_SOURCE);
    }
}
