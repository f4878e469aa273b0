package org.datman.ingest.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventId;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscovered.HeaderSource;
import org.datman.contracts.event.SeriesDiscovered.HeaderSource.Way;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Dictionary;
import org.datman.ingest.diff.SessionChanges;
import org.datman.ingest.diff.SessionDiff;
import org.datman.ingest.published.PublishedSession;
import org.datman.simulator.XnatSimulator;
import org.datman.simulator.archive.Session;
import org.datman.simulator.fault.Fault;
import org.datman.simulator.fault.FaultRule;
import org.datman.simulator.importer.LoadOptions;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same session with its headers from files and by XNAT's DICOMweb. That an Orthanc has the same: {@link OrthancSessionTest}. */
class DicomWebSessionTest {

    private static final String LABEL = "SPN01_CMH_0001_01_01";
    private static final String STUDY = "1.2.826.0.1.3680043.10.997.1";
    private static final String METADATA = "^/xapi/dicomweb/";

    @TempDir
    private Path folder;

    private XnatSimulator simulator;
    private Session session;
    private XnatClient files;
    private XnatClient dicomWeb;
    private StudyConfigurations studies;

    @BeforeEach
    void start() throws IOException {
        simulator = XnatSimulator.builder().users(Map.of("svc", "secret")).start();
        Path images = Files.createDirectories(folder.resolve("images"));
        for (int instance = 1; instance <= 3; instance++) {
            image(images, 3, instance, builder -> builder.set("RepetitionTime", "+2.30E3")
                    .set("EchoTime", "2.980")
                    .set("InversionTime", "not told")
                    .set("PixelSpacing", "1.50", "+0.937500000000001")
                    .set("SeriesDescription", "Schädel T1"));
        }
        // The first file by path is raw data, the largest is an image of the second echo.
        image(images, 4, 1, builder -> builder.remove(Dictionary.tagOf("Rows")));
        image(images, 4, 2, builder -> builder.set("EchoNumbers", "+2")
                .set("ImageComments", "x".repeat(3000))
                .set(
                        "SharedFunctionalGroupsSequence",
                        DicomDataset.builder()
                                .set(
                                        "MRTimingAndRelatedParametersSequence",
                                        DicomDataset.builder()
                                                .set("RepetitionTime", "0800.0")
                                                .build())
                                .build()));
        image(images, 4, 3, builder -> builder);
        session = simulator.addSession(
                images, LoadOptions.project("SPN01").subject(LABEL).label(LABEL));
        Path configured = Files.createDirectories(folder.resolve("studies"));
        Files.writeString(configured.resolve("SPN01.yml"), """
                StudyTag: SPN01
                XnatProjects: [SPN01]
                Tags:
                  T1: {Pattern: {SeriesDescription: T1, Header: {PixelSpacing: '.'}}, QcType: anat}
                Sites: {CMH: {}}
                """);
        studies = StudyConfigurations.load(configured);
        files = client(false);
        dicomWeb = client(true);
    }

    @AfterEach
    void stop() {
        files.close();
        dicomWeb.close();
        simulator.close();
    }

    private XnatClient client(boolean byDicomWeb) {
        return new XnatClient(XnatConfig.of(simulator.url(), "lab", "svc", () -> "secret")
                .withRetries(2, Duration.ofMillis(5))
                .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(3), Duration.ofSeconds(3))
                .with(config -> config.dicomWeb(byDicomWeb)));
    }

    @Test
    void eventsAreTheSameWhicheverWayHeadersAreRead() throws IOException {
        // Given numbers whose text DICOM JSON does not keep
        List<Event> expected = changes(files, PublishedSession.NOTHING).events();

        // When
        SessionChanges found = changes(dicomWeb, PublishedSession.NOTHING);

        // Then
        assertThat(found.events().stream().map(EventId::of).toList())
                .isEqualTo(expected.stream().map(EventId::of).toList());
        assertThat(withoutSource(found.events())).isEqualTo(expected);
        assertThat(found.series()).extracting(SeriesDiscovered::headerSource).allMatch(source -> source.filter(
                        how -> how.way() == Way.DICOMWEB)
                .isPresent());
        assertThat(found.series().get(0).header())
                .containsEntry("RepetitionTime", "2300")
                .containsEntry("EchoTime", "2.98")
                .containsEntry("InversionTime", "not told")
                .containsEntry("PixelSpacing", "1.5\\0.937500000000001")
                .containsEntry("SeriesDescription", "Schädel T1");
        assertThat(found.series().get(1).echoNumbers()).contains(2);
        assertThat(found.series().get(1).header()).containsEntry("RepetitionTime", "800");
        assertThat(found.series().get(0).summary()).contains("3 files, headers of all by DICOMweb");
    }

    @Test
    void oneRequestReadsTheHeadersOfASeriesThatASearchHasFoundAndNoFileIsOpened() throws IOException {
        // Given
        simulator.requestLog().clear();

        // When
        changes(dicomWeb, PublishedSession.NOTHING);

        // Then
        assertThat(simulator.requestLog().matching(METADATA + ".*/metadata$")).hasSize(2);
        assertThat(simulator.requestLog().matching(METADATA + ".*/series[?]SeriesInstanceUID="))
                .hasSize(2);
        assertThat(simulator.requestLog().matching("[.]dcm")).isEmpty();
    }

    @Test
    void anotherWayIsNoChangeOfTheSeries() throws IOException {
        // Given
        SessionChanges byFile = changes(files, PublishedSession.NOTHING);
        PublishedSession published =
                PublishedSession.NOTHING.with(byFile.session().orElseThrow(), byFile.series(), byFile.resources());

        // When
        SessionChanges again = changes(dicomWeb, published);

        // Then
        assertThat(again.events()).isEmpty();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("500", FaultRule.status(500).on(METADATA)),
                Arguments.of("403", FaultRule.status(403).on(METADATA)),
                Arguments.of("406", FaultRule.status(406).on(METADATA)),
                Arguments.of("slow", FaultRule.latency(Duration.ofSeconds(4)).on(METADATA)),
                Arguments.of("half", FaultRule.truncate(700).on(METADATA)),
                Arguments.of(
                        "half JSON",
                        FaultRule.of(Fault.TRUNCATE_CLEANLY).withBytes(700).on(METADATA)),
                Arguments.of("nothing", FaultRule.of(Fault.EMPTY_BODY).on(METADATA)),
                Arguments.of("reset", FaultRule.of(Fault.RESET).on(METADATA)),
                Arguments.of("a page instead of JSON", FaultRule.status(200).on(METADATA)),
                Arguments.of("no catalogue", FaultRule.of(Fault.EMPTY_BODY).on("/resources/\\d+[?]format=xml")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aFaultOfDicomWebIsSaidAndAFileIsRead(String name, FaultRule fault) throws IOException {
        // Given
        List<Event> expected = changes(files, PublishedSession.NOTHING).events();
        simulator.faults().add(fault);

        // When
        List<Event> found = changes(dicomWeb, PublishedSession.NOTHING).events();

        // Then
        assertThat(withoutSource(found)).isEqualTo(expected);
        assertFromFiles(found);
    }

    @Test
    void afterAFailureTheOtherSeriesDoNotWaitForDicomWeb() throws IOException {
        // Given
        simulator.faults().add(FaultRule.status(500).on(METADATA));

        // When
        List<Event> found = changes(dicomWeb, PublishedSession.NOTHING).events();

        // Then
        assertFromFiles(found);
        assertThat(simulator.requestLog().matching(METADATA)).hasSize(1);
    }

    @Test
    void aHeaderMoreOrLessThanFilesIsNoHeaderOfTheseFiles() throws IOException {
        // Given a file of series 3 that XNAT lists and does not have, and another session with a file of series 4
        simulator.loseScanFile(session.id(), "3", "DICOM", "s3_2.dcm");
        Path other = Files.createDirectories(folder.resolve("other"));
        image(other, 4, 9, builder -> builder);
        simulator.addSession(other, LoadOptions.project("SPN01").subject(LABEL).label("other"));
        List<Event> expected = changes(files, PublishedSession.NOTHING).events();

        // When
        List<Event> found = changes(dicomWeb, PublishedSession.NOTHING).events();

        // Then
        assertThat(withoutSource(found)).isEqualTo(expected);
        assertFromFiles(found);
    }

    @Test
    void headersOfAStudyThatIsTwoSessionsAreNotAskedFor() throws IOException {
        // Given
        Path other = Files.createDirectories(folder.resolve("other"));
        image(other, 3, 9, builder -> builder);
        image(other, 4, 9, builder -> builder);
        simulator.addSession(other, LoadOptions.project("SPN01").subject(LABEL).label("other"));

        // When
        List<Event> found = changes(dicomWeb, PublishedSession.NOTHING).events();

        // Then
        assertFromFiles(found);
        assertThat(simulator.requestLog().matching(METADATA + ".*/metadata$")).isEmpty();
    }

    @Test
    void withoutThePlugInFilesAreRead() throws IOException {
        // Given
        try (XnatSimulator plain = XnatSimulator.builder()
                        .users(Map.of("svc", "secret"))
                        .dicomWeb(false)
                        .start();
                XnatClient client = new XnatClient(XnatConfig.of(plain.url(), "lab", "svc", () -> "secret")
                        .with(config -> config.dicomWeb(true)))) {
            session = plain.addSession(
                    folder.resolve("images"),
                    LoadOptions.project("SPN01").subject(LABEL).label(LABEL));

            // When
            List<Event> found = changes(client, PublishedSession.NOTHING).events();

            // Then
            assertFromFiles(found);
            assertThat(withoutSource(found))
                    .isEqualTo(changes(files, PublishedSession.NOTHING).events());
        }
    }

    private static void assertFromFiles(List<Event> events) {
        List<HeaderSource> sources = events.stream()
                .filter(SeriesDiscovered.class::isInstance)
                .flatMap(event -> ((SeriesDiscovered) event).headerSource().stream())
                .toList();
        assertThat(sources).hasSize(2).allSatisfy(source -> {
            assertThat(source.way()).isEqualTo(Way.FILE);
            assertThat(source.instead())
                    .hasValueSatisfying(why -> assertThat(why.code()).isEqualTo("header-of-one-file"));
        });
    }

    private static List<Event> withoutSource(List<Event> events) {
        return events.stream()
                .map(event ->
                        event instanceof SeriesDiscovered series ? series.withHeaderSource(Optional.empty()) : event)
                .toList();
    }

    private SessionChanges changes(XnatClient source, PublishedSession published) {
        SessionRead read =
                new SessionReader(source).read(new SessionRead.Request(session.id(), published, true, null), studies);
        SessionSnapshot snapshot = read.snapshot();
        assertThat(snapshot).isNotNull();
        return new SessionDiff(new SessionRef(source.server(), session.id()), studies).present(published, snapshot);
    }

    private static void image(
            Path folder, int series, int instance, Function<DicomDatasetBuilder, DicomDatasetBuilder> more)
            throws IOException {
        DicomDatasetBuilder usual = DicomDataset.builder()
                .set("SpecificCharacterSet", "ISO_IR 100")
                .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                .set("SOPInstanceUID", STUDY + "." + series + "." + instance)
                .set("StudyInstanceUID", STUDY)
                .set("SeriesInstanceUID", STUDY + "." + series)
                .set("StudyDate", "20240305")
                .set("Modality", "MR")
                .set("PatientName", "DOE^JANE")
                .set("SeriesNumber", Integer.toString(series))
                .set("InstanceNumber", Integer.toString(instance))
                .set("SeriesDescription", "T1")
                .set("ImageType", "ORIGINAL", "PRIMARY", "M", "NORM")
                .set("EchoNumbers", "1")
                .set("MagneticFieldStrength", "3.0")
                .set("Manufacturer", "SIEMENS")
                .set("Rows", 2)
                .set("Columns", 2);
        DicomWriter.write(
                folder.resolve("s" + series + "_" + instance + ".dcm"),
                more.apply(usual).build());
    }
}
