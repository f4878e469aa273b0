package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionRef;
import org.datman.export.TinySeries;
import org.datman.simulator.orthanc.LocalOrthanc;
import org.datman.xnat.CallObserver;
import org.datman.xnat.FileListing;
import org.datman.xnat.OrthancClient;
import org.datman.xnat.OrthancNames;
import org.datman.xnat.XnatConfig;
import org.datman.xnat.XnatResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A series of a real Orthanc: the same images as from an XNAT with the same files. */
class OrthancSeriesTest {

    @TempDir
    private Path folder;

    @Test
    void theImagesAreThoseThatAnXnatWithTheSameFilesGives() throws IOException {
        // Given
        assumeTrue(LocalOrthanc.program().isPresent(), "Orthanc is not installed");
        Path images = TinySeries.write(folder.resolve("images"), 5, "Sag T1", 4, 1, 1);
        try (LocalOrthanc orthanc = LocalOrthanc.start(Files.createDirectories(folder.resolve("orthanc")));
                OrthancClient client = new OrthancClient(
                        XnatConfig.of(orthanc.url(), "orthanc", LocalOrthanc.USER, () -> LocalOrthanc.PASSWORD)
                                .withRetries(2, Duration.ofMillis(5)),
                        OrthancNames.DEFAULT,
                        CallObserver.NONE);
                ExportFixture ofXnat = new ExportFixture(Files.createDirectories(folder.resolve("a")));
                ExportFixture ofOrthanc = new ExportFixture(Files.createDirectories(folder.resolve("b")))) {
            String study = orthanc.store(images);
            SeriesTagged onXnat = ofXnat.t1(ofXnat.load(images));
            XnatResource resource = client.resources(study).get(0);
            SeriesTagged onOrthanc = onXnat.with(tagged -> tagged.session(new SessionRef("orthanc", study))
                    .resource(Optional.of(resource.ref().id()))
                    .fingerprint(FileListing.fingerprint(client.files(resource.ref()))));
            ofOrthanc.add(client);
            SeriesExported reference = ofXnat.export(onXnat);

            // When
            SeriesExported exported = ofOrthanc.export(onOrthanc);

            // Then
            assertThat(exported.outcome()).isEqualTo(Outcome.EXPORTED);
            assertThat(exported.reason()).isEmpty();
            assertThat(exported.source().orElseThrow().sha256())
                    .isEqualTo(reference.source().orElseThrow().sha256());
            assertThat(ofOrthanc.publicFiles()).hasSize(5).isEqualTo(ofXnat.publicFiles());
            String provenance = Files.readString(ofOrthanc.archive.resolve("SPN01/provenance/" + ExportFixture.SESSION
                    + "/" + ExportFixture.SESSION + "_T1_05_Sag-T1.prov.json"));
            assertThat(provenance).contains("\"verified\" : true").doesNotContain("\"verified\" : false");
        }
    }
}
