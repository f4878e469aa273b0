package org.datman.ingest.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventId;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscovered.HeaderSource;
import org.datman.contracts.event.SeriesDiscovered.HeaderSource.Way;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.ingest.diff.SessionChanges;
import org.datman.ingest.diff.SessionDiff;
import org.datman.ingest.published.PublishedSession;
import org.datman.simulator.XnatSimulator;
import org.datman.simulator.archive.Session;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.orthanc.LocalOrthanc;
import org.datman.xnat.CallObserver;
import org.datman.xnat.ImageSource;
import org.datman.xnat.OrthancNames;
import org.datman.xnat.SourceKind;
import org.datman.xnat.XnatConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session of a real Orthanc, and the same files on an XNAT. */
class OrthancSessionTest {

    private static final String LABEL = "SPN01_CMH_0001_01_01";

    @TempDir
    private Path folder;

    @Test
    void theSameFilesAreTheSameSeriesOnOrthancAndOnXnat() throws IOException {
        // Given
        assumeTrue(LocalOrthanc.program().isPresent(), "Orthanc is not installed");
        Path images = Files.createDirectories(folder.resolve("images"));
        image(images, 3, 1);
        image(images, 3, 2);
        image(images, 4, 1);
        try (LocalOrthanc orthanc = LocalOrthanc.start(Files.createDirectories(folder.resolve("orthanc")));
                XnatSimulator simulator = XnatSimulator.builder()
                        .users(Map.of(LocalOrthanc.USER, LocalOrthanc.PASSWORD))
                        .start();
                ImageSource fromOrthanc = open(SourceKind.ORTHANC, orthanc.url(), false);
                ImageSource fromXnat = open(SourceKind.XNAT, simulator.url(), false);
                ImageSource byDicomWeb = open(SourceKind.XNAT, simulator.url(), true)) {
            String study = orthanc.store(images);
            Session session = simulator.addSession(
                    images, LoadOptions.project("SPN01").subject(LABEL).label(LABEL));

            // When
            SessionChanges onOrthanc = changes(fromOrthanc, study, PublishedSession.NOTHING);
            SessionChanges onXnat = changes(fromXnat, session.id(), PublishedSession.NOTHING);
            SessionChanges headersByDicomWeb = changes(byDicomWeb, session.id(), PublishedSession.NOTHING);
            List<Event> again =
                    changes(fromOrthanc, study, PublishedSession.NOTHING).events();

            // Then
            assertThat(onOrthanc.session().flatMap(SessionDiscovered::name)).contains(LABEL);
            assertThat(onOrthanc.session().orElseThrow().date())
                    .isEqualTo(onXnat.session().orElseThrow().date());
            assertThat(onOrthanc.series()).hasSize(2);
            for (SeriesDiscovered series : onOrthanc.series()) {
                SeriesDiscovered other = onXnat.series().stream()
                        .filter(one -> one.scan().equals(series.scan()))
                        .findFirst()
                        .orElseThrow();
                assertThat(series)
                        .usingRecursiveComparison()
                        .ignoringFields("session", "resource", "fingerprint", "xnatType", "xsiType", "quality")
                        .isEqualTo(other);
            }
            assertThat(headersByDicomWeb.events().stream().map(EventId::of).toList())
                    .isEqualTo(onXnat.events().stream().map(EventId::of).toList());
            assertThat(headersByDicomWeb.series())
                    .extracting(SeriesDiscovered::header)
                    .isEqualTo(onOrthanc.series().stream()
                            .map(SeriesDiscovered::header)
                            .toList());
            assertThat(again.stream().map(EventId::of).toList())
                    .isEqualTo(onOrthanc.events().stream().map(EventId::of).toList());

            // When an image comes late
            PublishedSession before = PublishedSession.NOTHING.with(
                    onOrthanc.session().orElseThrow(), onOrthanc.series(), onOrthanc.resources());
            orthanc.store(List.of(image(images, 4, 2)));
            SessionChanges later = changes(fromOrthanc, study, before);

            // Then
            assertThat(later.session()).isEmpty();
            assertThat(later.series()).singleElement().satisfies(series -> {
                assertThat(series.scan()).isEqualTo("4");
                assertThat(series.seriesRevision()).isEqualTo(2);
                assertThat(series.fileCount()).isEqualTo(2);
            });
        }
    }

    @Test
    void anOrthancsHeadersByItsDicomWebAreThoseOfItsFiles() throws IOException {
        // Given
        assumeTrue(LocalOrthanc.program().isPresent(), "Orthanc is not installed");
        assumeTrue(LocalOrthanc.dicomWeb().isPresent(), "Orthanc's DICOMweb plug-in is not installed");
        Path images = Files.createDirectories(folder.resolve("images"));
        image(images, 3, 1);
        image(images, 3, 2);
        image(images, 4, 1);
        try (LocalOrthanc orthanc = LocalOrthanc.start(Files.createDirectories(folder.resolve("orthanc")));
                ImageSource files = open(SourceKind.ORTHANC, orthanc.url(), false);
                ImageSource byDicomWeb = open(SourceKind.ORTHANC, orthanc.url(), true)) {
            String study = orthanc.store(images);
            List<SeriesDiscovered> expected =
                    changes(files, study, PublishedSession.NOTHING).series();

            // When
            List<SeriesDiscovered> found =
                    changes(byDicomWeb, study, PublishedSession.NOTHING).series();

            // Then
            assertThat(found)
                    .extracting(series -> series.headerSource().orElseThrow())
                    .containsOnly(new HeaderSource(Way.DICOMWEB, Optional.empty()));
            assertThat(found)
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("headerSource")
                    .isEqualTo(expected);
            assertThat(found.stream().map(EventId::of).toList())
                    .isEqualTo(expected.stream().map(EventId::of).toList());
        }
    }

    private static ImageSource open(SourceKind kind, URI url, boolean dicomWeb) {
        return kind.open(
                XnatConfig.of(url, "lab", LocalOrthanc.USER, () -> LocalOrthanc.PASSWORD)
                        .withRetries(2, Duration.ofMillis(5))
                        .with(config -> config.dicomWeb(dicomWeb)),
                OrthancNames.DEFAULT,
                CallObserver.NONE);
    }

    private SessionChanges changes(ImageSource source, String accession, PublishedSession published)
            throws IOException {
        Path studies = Files.createDirectories(folder.resolve("studies"));
        Files.writeString(
                studies.resolve("SPN01.yml"),
                "StudyTag: SPN01\nXnatProjects: [SPN01]\nTags:\n"
                        + "  T1: { Pattern: { SeriesDescription: 'T1' }, QcType: anat }\nSites:\n  CMH: {}\n");
        StudyConfigurations configurations = StudyConfigurations.load(studies);
        SessionRead read = new SessionReader(source)
                .read(new SessionRead.Request(accession, published, false, null), configurations);
        SessionSnapshot snapshot = read.snapshot();
        assertThat(snapshot).isNotNull();
        return new SessionDiff(new SessionRef(source.server(), accession), configurations).present(published, snapshot);
    }

    private static Path image(Path folder, int series, int instance) throws IOException {
        String study = "1.2.826.0.1.3680043.10.997.1";
        Path file = folder.resolve("s" + series + "_" + instance + ".dcm");
        DicomWriter.write(
                file,
                DicomDataset.builder()
                        .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                        .set("SOPInstanceUID", study + "." + series + "." + instance)
                        .set("StudyInstanceUID", study)
                        .set("SeriesInstanceUID", study + "." + series)
                        .set("StudyDate", "20240305")
                        .set("Modality", "MR")
                        .set("PatientName", "DOE^JANE")
                        .set("PatientID", LABEL)
                        .set("SeriesNumber", Integer.toString(series))
                        .set("InstanceNumber", Integer.toString(instance))
                        .set("SeriesDescription", "T1")
                        .set("ImageType", "ORIGINAL", "PRIMARY", "M", "NORM")
                        .set("EchoNumbers", "1")
                        .set("RepetitionTime", "+2300.50")
                        .set("EchoTime", "2.980E0")
                        .set("Manufacturer", "SIEMENS")
                        .set("Rows", 2)
                        .set("Columns", 2)
                        .build());
        return file;
    }
}
