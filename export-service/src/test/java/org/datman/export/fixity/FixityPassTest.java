package org.datman.export.fixity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.export.work.SessionLocks;
import org.datman.platform.archive.Archive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixityPassTest {

    private static final Instant NIGHT = Instant.parse("2026-03-05T01:30:00Z");

    @TempDir
    Path folder;

    private final List<ProcessingFailed> reported = new ArrayList<>();
    private final List<Long> paced = new ArrayList<>();
    private Archive archive;
    private FixityPass pass;

    @BeforeEach
    void build() {
        archive = new Archive(folder);
        pass = new FixityPass(
                archive, new SessionLocks(archive), reported::add, paced::add, Clock.fixed(NIGHT, ZoneOffset.UTC));
    }

    private FileRef published(String scan, String content) throws IOException {
        FileRef file = archive.write(
                FileRole.NIFTI, "SPN01/nii/S/S_T1_0" + scan + "_x.nii.gz", content.getBytes(StandardCharsets.UTF_8));
        String json = "{\"exported\":{\"session\":{\"server\":\"xnat\",\"accession\":\"E1\"},\"scan\":\"" + scan
                + "\",\"products\":[{\"files\":[" + EventJson.mapper().writeValueAsString(file) + "]}]}}";
        archive.write(
                FileRole.STATE, ".datman/series/xnat/E1/" + scan + ".json", json.getBytes(StandardCharsets.UTF_8));
        return file;
    }

    @Test
    void filesAsPublishedAreNoNews() throws Exception {
        // Given
        published("1", "one");
        published("2", "two");

        // When
        FixityPass.Result result = pass.run(Duration.ofHours(1));

        // Then
        assertThat(result).isEqualTo(new FixityPass.Result(2, 0, true));
        assertThat(reported).isEmpty();
        assertThat(paced).containsExactly(3L, 3L);
    }

    @Test
    void aChangedAndAMissingFileAreReportedWithTheirScan() throws Exception {
        // Given
        FileRef changed = published("1", "one");
        FileRef missing = published("2", "two");
        published("3", "three");
        Files.writeString(archive.resolve(changed.path()), "eno");
        Files.delete(archive.resolve(missing.path()));

        // When
        pass.run(Duration.ofHours(1));

        // Then
        assertThat(reported).hasSize(2);
        assertThat(reported.get(0).scan()).isEqualTo(Optional.of("1"));
        assertThat(reported.get(0).service()).isEqualTo("export");
        assertThat(reported.get(0).reason().message()).contains(changed.path() + " has other content");
        assertThat(reported.get(1).scan()).isEqualTo(Optional.of("2"));
        assertThat(reported.get(1).reason().message()).contains(missing.path() + " is missing");
    }

    @Test
    void aDamagedIndexIsReportedAndThePassGoesOn() throws Exception {
        // Given
        FileRef changed = published("2", "two");
        Files.writeString(archive.resolve(changed.path()), "owt");
        archive.write(FileRole.STATE, ".datman/series/xnat/E1/1.json", "{".getBytes(StandardCharsets.UTF_8));
        archive.write(
                FileRole.STATE,
                ".datman/series/xnat/E0/7.json",
                "{\"exported\":{\"products\":[],\"file\":{\"role\":\"x\",\"path\":\"y\",\"size\":1,\"sha256\":\"z\"}}}"
                        .getBytes(StandardCharsets.UTF_8));

        // When
        FixityPass.Result result = pass.run(Duration.ofHours(1));

        // Then
        assertThat(result).isEqualTo(new FixityPass.Result(1, 1, true));
        assertThat(reported)
                .extracting(
                        failed -> failed.session().orElseThrow().accession(),
                        failed -> failed.scan().orElseThrow(),
                        failed -> failed.reason().code())
                .containsExactly(
                        tuple("E0", "7", "unreadable-state"),
                        tuple("E1", "1", "unreadable-state"),
                        tuple("E1", "2", "files-changed"));
        assertThat(reported.get(1).reason().action()).contains("Reprocess");
    }

    @Test
    void aPassGoesOnWhereItStopped() throws Exception {
        // Given
        published("1", "one");
        FileRef changed = published("2", "two");
        Files.writeString(archive.resolve(changed.path()), "owt");
        archive.write(
                FileRole.STATE,
                ".datman/fixity.json",
                EventJson.mapper()
                        .writeValueAsBytes(new FixityPass.Cursor(".datman/series/xnat/E1/1.json", Optional.empty())));

        // When
        FixityPass.Result result = pass.run(Duration.ofHours(1));

        // Then
        assertThat(result).isEqualTo(new FixityPass.Result(1, 1, true));
        assertThat(reported).singleElement().extracting(ProcessingFailed::scan).isEqualTo(Optional.of("2"));
        assertThat(pass.run(Duration.ofHours(1)).checked()).isEqualTo(2);
    }

    @Test
    void theTimeOfANightEndsARun() throws Exception {
        // Given
        published("1", "one");

        // When
        FixityPass.Result result = pass.run(Duration.ZERO);

        // Then
        assertThat(result).isEqualTo(new FixityPass.Result(0, 0, false));
    }

    @Test
    void anArchiveThatIsAwayIsNotReportedAsLost() throws Exception {
        // Given
        FixityPass away = new FixityPass(
                new Archive(folder.resolve("not-mounted")),
                new SessionLocks(archive),
                reported::add,
                paced::add,
                Clock.fixed(NIGHT, ZoneOffset.UTC));

        // When
        FixityPass.Result result = away.run(Duration.ofHours(1));

        // Then
        assertThat(result.checked()).isZero();
        assertThat(reported).isEmpty();
    }
}
