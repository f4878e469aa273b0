package org.datman.pipeline.bids;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.bids.schema.BidsSchema;
import org.datman.bids.validation.BidsValidator;
import org.datman.bids.validation.Finding;
import org.datman.bids.validation.FindingSeverity;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.pipeline.PythonPackages;
import org.datman.platform.archive.Archive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The datasets on disk: valid after every session, whole at every moment. */
class DatasetFolderTest {

    private static final String BOLD =
            "{'RepetitionTime': 2.0, 'PhaseEncodingDirection': 'j', 'SliceTiming': [0, 0.5, 1, 1.5]}";
    private static final String AP = "{'PhaseEncodingDirection': 'j-', 'TotalReadoutTime': 0.05}";
    private static final String PA = "{'PhaseEncodingDirection': 'j', 'TotalReadoutTime': 0.05}";
    private static final String PACKAGE = "bids-validator-deno==3.0.2";

    @TempDir
    Path folder;

    private Archive archive;
    private DatasetFolder dataset;
    private final List<BidsSummary> summaries = new ArrayList<>();
    private Path raw;

    @BeforeEach
    void create() {
        archive = new Archive(folder.resolve("archive"));
        dataset = new DatasetFolder(archive, "STU", "bids", "1.0");
        raw = archive.root().resolve("STU/bids/rawbids");
    }

    @Test
    void aDatasetOfSeveralSessionsIsValidAfterEachOfThem() throws Exception {
        // Given
        write(complete("STU_CMH_0001_01_01").signedOff());
        List<Finding> afterFirst = errors(raw);

        // When
        write(complete("STU_CMH_0001_01_02"));
        write(complete("STU_UTO_0002_01_01")
                .verdict(QcComplete.Level.FLAG, "dark")
                .signedOff());

        // Then
        assertThat(afterFirst).isEmpty();
        assertThat(errors(raw)).isEmpty();
        assertThat(errors(archive.root().resolve("STU/bids"))).isEmpty();
        assertThat(errors(archive.root().resolve("STU/bids/derivatives/datman-qc")))
                .isEmpty();
        assertThat(Files.readString(raw.resolve("participants.tsv")))
                .isEqualTo("participant_id\tsite\nsub-CMH0001\tCMH\nsub-UTO0002\tUTO\n");
        assertThat(Files.readString(raw.resolve("sub-CMH0001/sub-CMH0001_sessions.tsv")))
                .isEqualTo("session_id\tacq_time\tqc_signed_off\nses-01\tn/a\tyes\nses-01r02\tn/a\tno\n");
        assertThat(Files.readString(raw.resolve("code/passed/participants_passed.tsv")))
                .startsWith("participant_id\tsessions\nsub-CMH0001\t01\n");
        assertThat(archive.root().resolve("STU/bids/.work")).isEmptyDirectory();
    }

    @Test
    void theOfficialValidatorFindsNoErrorInADatasetOfSeveralSessions() throws Exception {
        // Given
        PythonPackages python = PythonPackages.installed(folder, PACKAGE);
        write(complete("STU_CMH_0001_01_01").signedOff());
        write(complete("STU_CMH_0001_01_02"));

        // When
        write(complete("STU_UTO_0002_01_01"));

        // Then
        for (String part : List.of("rawbids", "", "derivatives/datman-qc")) {
            Path output = folder.resolve("official.json");
            PythonPackages.run(
                    folder,
                    python.program("bids-validator-deno"),
                    "--format",
                    "json",
                    "-o",
                    output.toString(),
                    archive.root().resolve("STU/bids").resolve(part).toString());
            JsonNode issues = new ObjectMapper().readTree(output.toFile()).at("/issues/issues");
            assertThat(issues.isArray()).isTrue();
            assertThat(issues)
                    .as(part)
                    .noneMatch(issue -> issue.path("severity").asText().equals("error"));
        }
    }

    @Test
    void theProvenanceFilesLeadFromEachFileToItsConversionItsProgramsAndItsSeries() throws Exception {
        // Given
        Path prov = raw.resolve("prov/prov-CMH0001+01");

        // When
        write(complete("STU_CMH_0001_01_01"));

        // Then
        JsonNode activities = json(prov.resolve("prov-CMH0001+01_act.json")).get("Activities");
        JsonNode software = json(prov.resolve("prov-CMH0001+01_soft.json")).get("Software");
        JsonNode entities = json(prov.resolve("prov-CMH0001+01_ent.json")).get("ProvEntities");
        List<String> known = new ArrayList<>();
        List.of(activities, software, entities)
                .forEach(objects ->
                        objects.forEach(each -> known.add(each.get("Id").asText())));
        assertThat(known).doesNotHaveDuplicates();
        assertThat(software)
                .extracting(each -> each.get("Label").asText())
                .containsExactly("datman-export", "dcm2niix");
        for (JsonNode activity : activities) {
            activity.get("Used").forEach(used -> assertThat(known).contains(used.asText()));
            activity.get("AssociatedWith").forEach(by -> assertThat(known).contains(by.asText()));
        }
        int files = 0;
        for (JsonNode entity : entities) {
            if (entity.has("Digest")) {
                files++;
                Path file = raw.resolve(entity.get("AtLocation").asText());
                assertThat(entity.get("Id").asText()).isEqualTo("bids::" + raw.relativize(file));
                assertThat(entity.at("/Digest/sha256").asText()).isEqualTo(Archive.sha256(file));
                assertThat(known).contains(entity.get("GeneratedBy").asText());
            }
        }
        try (Stream<Path> all = Files.walk(raw.resolve("sub-CMH0001/ses-01"))) {
            assertThat(all.filter(Files::isRegularFile)
                            .filter(file -> !file.getFileName().toString().startsWith("."))
                            .filter(file -> !file.toString().endsWith("_scans.tsv")))
                    .hasSize(files);
        }
        dataset.remove("sub-CMH0001/ses-01");
        assertThat(prov).isEmptyDirectory();
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    @Test
    void anImageThatBreaksTheStandardIsLeftOutAndTheOthersAppear() throws Exception {
        // Given
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(3, "T1", "anat/T1w", "{}")
                .with(4, "AP", "fmap/epi dir=AP", "{}")
                .with(5, "ODD", "anat/nosuchsuffix", "{}");

        // When
        SessionPlan plan = write(visit);

        // Then
        assertThat(errors(raw)).isEmpty();
        assertThat(raw.resolve("sub-CMH0001/ses-01/anat/sub-CMH0001_ses-01_T1w.nii.gz"))
                .exists();
        assertThat(plan.leftOut())
                .allMatch(LeftOut::fault)
                .extracting(LeftOut::stem)
                .containsExactly("STU_CMH_0001_01_01_AP_04_AP", "STU_CMH_0001_01_01_ODD_05_ODD");
        assertThat(plan.leftOut().get(0).reason().message()).contains("PhaseEncodingDirection");
    }

    @Test
    void eventsThatBreakTheStandardAreLeftOutAndTheirRunAppears() throws Exception {
        // Given onsets that are no numbers
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(4, "RST", "func/bold task=rest", BOLD)
                .events("onset\tduration\nearly\t2\n");

        // When
        SessionPlan plan = write(visit);

        // Then
        assertThat(errors(raw)).isEmpty();
        assertThat(files(raw.resolve("sub-CMH0001/ses-01/func")))
                .containsExactly("sub-CMH0001_ses-01_task-rest_bold.json", "sub-CMH0001_ses-01_task-rest_bold.nii.gz");
        assertThat(plan.files())
                .singleElement()
                .satisfies(file -> assertThat(file.reason().message()).contains("TSV_VALUE_INCORRECT_TYPE"));
        assertThat(BidsWriter.reason(plan).orElseThrow().code()).isEqualTo("bids-events-left-out");
    }

    @Test
    void aDecisionChangesTheTableAndLeavesTheImagesAsTheyAre() throws Exception {
        // Given
        write(new Visit("STU_CMH_0001_01_01").with(3, "T1", "anat/T1w", "{}"));
        Path session = raw.resolve("sub-CMH0001/ses-01");
        Object before = Files.getAttribute(session, "unix:ino");
        Object image = Files.getAttribute(session.resolve("anat/sub-CMH0001_ses-01_T1w.nii.gz"), "unix:ino");

        // When
        write(new Visit("STU_CMH_0001_01_01").with(3, "T1", "anat/T1w", "{}").reviewed(Decision.FLAGGED));

        // Then
        assertThat(Files.readString(session.resolve("sub-CMH0001_ses-01_scans.tsv")))
                .contains("\tFLAGGED\t");
        assertThat(Files.getAttribute(session, "unix:ino")).isEqualTo(before);
        assertThat(Files.getAttribute(session.resolve("anat/sub-CMH0001_ses-01_T1w.nii.gz"), "unix:ino"))
                .isEqualTo(image);
    }

    @Test
    void anImageIsTheFileOfTheArchiveItself() throws Exception {
        // Given
        BidsSession session =
                new Visit("STU_CMH_0001_01_01").with(3, "T1", "anat/T1w", "{}").storedIn(archive);

        // When
        write(session);

        // Then
        assertThat(Files.isSameFile(
                        raw.resolve("sub-CMH0001/ses-01/anat/sub-CMH0001_ses-01_T1w.nii.gz"),
                        archive.resolve(session.images().get(0).files().get(0).path())))
                .isTrue();
    }

    @Test
    void aReplacedSessionKeepsTheFilesThatPeopleAdded() throws Exception {
        // Given
        write(new Visit("STU_CMH_0001_01_01").with(3, "T1", "anat/T1w", "{}").with(5, "T2", "anat/T2w", "{}"));
        Path events = raw.resolve("sub-CMH0001/ses-01/func/sub-CMH0001_ses-01_task-rest_events.tsv");
        Files.createDirectories(events.getParent());
        Files.writeString(events, "onset\tduration\n1\t2\n");

        // When
        write(new Visit("STU_CMH_0001_01_01").with(3, "T1", "anat/T1w", "{}"));

        // Then
        assertThat(events).hasContent("onset\tduration\n1\t2\n");
        assertThat(files(raw.resolve("sub-CMH0001/ses-01/anat")))
                .containsExactly("sub-CMH0001_ses-01_T1w.json", "sub-CMH0001_ses-01_T1w.nii.gz");
    }

    @Test
    void aSessionThatCameAsBidsIsInTheDatasetByteForByteWithWhereItCameFrom() throws Exception {
        // Given a session of which DATMAN has no image, written by somebody's own hand
        String json = "{\"EchoTime\":0.003,\t\"Mine\" : [ 1 ]}";
        BidsSession session = new Visit("STU_CMH_0001_01_01")
                .session()
                .with(came(
                        resource("dataset_description.json", text("{}")),
                        resource("sub-CMH0001/ses-01/anat/sub-CMH0001_ses-01_T1w.nii.gz", image()),
                        resource("sub-CMH0001/ses-01/anat/sub-CMH0001_ses-01_T1w.json", text(json))));

        // When
        SessionPlan plan = write(session);

        // Then
        Path anat = raw.resolve("sub-CMH0001/ses-01/anat");
        assertThat(errors(raw)).isEmpty();
        assertThat(BidsWriter.reason(plan)).isEmpty();
        assertThat(anat.resolve("sub-CMH0001_ses-01_T1w.json")).hasContent(json);
        assertThat(anat.resolve("sub-CMH0001_ses-01_T1w.nii.gz"))
                .hasSameBinaryContentAs(archive.resolve(image().path()));
        String digest = DigestUtils.sha256Hex(json);
        assertThat(raw.resolve("sub-CMH0001/ses-01/sub-CMH0001_ses-01_scans.tsv"))
                .content()
                .contains("\nanat/sub-CMH0001_ses-01_T1w.nii.gz\tn/a\tn/a");
        assertThat(ProvenanceObjects.paths("sub-CMH0001/ses-01"))
                .filteredOn(path -> path.endsWith("_ent.json"))
                .singleElement()
                .satisfies(path -> assertThat(raw.resolve(path)).content().contains("T1w.json", digest));
        assertThat(archive.root().resolve("STU/bids/logs/sub-CMH0001_ses-01.json"))
                .content()
                .contains("STU/resources/" + digest, "above-the-sessions");
    }

    @Test
    void ofASessionThatCameAsBidsAndIsNotValidNothingIsPlaced() throws Exception {
        // Given a run without what BIDS requires, beside an image of DATMAN
        BidsSession session = new Visit("STU_CMH_0001_01_01")
                .with(3, "T1", "anat/T1w", "{}")
                .storedIn(archive)
                .with(came(
                        resource("anat/sub-CMH0001_ses-01_T2w.nii.gz", image()),
                        resource("func/sub-CMH0001_ses-01_task-rest_bold.nii.gz", image()),
                        resource("func/sub-CMH0001_ses-01_task-rest_bold.json", text("{}"))));

        // When
        SessionPlan plan = write(session);

        // Then
        assertThat(errors(raw)).isEmpty();
        assertThat(raw.resolve("sub-CMH0001/ses-01/func")).doesNotExist();
        assertThat(files(raw.resolve("sub-CMH0001/ses-01/anat")))
                .containsExactly("sub-CMH0001_ses-01_T1w.json", "sub-CMH0001_ses-01_T1w.nii.gz");
        Reason reason = BidsWriter.reason(plan).orElseThrow();
        assertThat(reason.code()).isEqualTo("bids-supplied-refused");
        assertThat(reason.message()).contains("SIDECAR_KEY_REQUIRED", "task-rest_bold");
    }

    @Test
    void anImageOfDatmanGivesWayToTheOneThatCameAsBids() throws Exception {
        // Given
        BidsSession session = new Visit("STU_CMH_0001_01_01")
                .with(3, "T1", "anat/T1w", "{'EchoTime': 0.5}")
                .with(5, "T2", "anat/T2w", "{}")
                .signedOff()
                .storedIn(archive)
                .with(came(
                        resource("anat/sub-CMH0001_ses-01_T1w.nii.gz", image()),
                        resource("anat/sub-CMH0001_ses-01_T1w.json", text("{}")),
                        resource("sub-CMH0001_ses-01_scans.tsv", text("filename\n"))));

        // When
        SessionPlan plan = write(session);

        // Then
        Path folderOfSession = raw.resolve("sub-CMH0001/ses-01");
        assertThat(errors(raw)).isEmpty();
        assertThat(folderOfSession.resolve("anat/sub-CMH0001_ses-01_T1w.json")).hasContent("{}");
        assertThat(folderOfSession.resolve("sub-CMH0001_ses-01_scans.tsv"))
                .content()
                .contains("T2w.nii.gz\tn/a\tPASS", "T1w.nii.gz\tn/a\tn/a");
        Reason reason = BidsWriter.reason(plan).orElseThrow();
        assertThat(reason.code()).isEqualTo("bids-supplied-twice");
        assertThat(reason.message()).contains("anat/sub-CMH0001_ses-01_T1w.nii.gz came as BIDS");
        // Nobody passed what came: a filter that lets it through is not written.
        assertThat(raw.resolve("code/passed/participants_passed.tsv")).hasContent("participant_id\tsessions\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"events.tsv", "events.json", "events.tsv.gz"})
    void whicheverFileOfTheEventsCameAsBidsDatmanWritesNone(String name) throws Exception {
        // Given
        String path = "func/sub-CMH0001_ses-01_task-rest_" + name;
        BidsSession session = new Visit("STU_CMH_0001_01_01")
                .with(4, "RST", "func/bold task=rest", BOLD)
                .events("onset\tduration\n7\t8\n")
                .storedIn(archive)
                .with(came(resource(path, text("mine"))));

        // When
        SessionPlan plan = BidsPlanner.plan(session, Map.of());

        // Then
        assertThat(plan.raw())
                .extracting(PlannedFile::path)
                .filteredOn(each -> each.contains("_events."))
                .containsExactly(path);
        assertThat(plan.files())
                .singleElement()
                .satisfies(file -> assertThat(file.reason().code()).isEqualTo("came-as-bids"));
        JsonNode log = new ObjectMapper().readTree(BidsPlanner.provenance(plan, "revision", "1.0"));
        assertThat(log.path("events")).isEmpty();
        assertThat(log.path("cameAsBids")).hasSize(1);
    }

    @Test
    void aDescriptionOfEventsThatCameWithoutThemStaysAsItIsInTheArchive() throws Exception {
        // Given
        FileRef description = text("{\"onset\": {\"Description\": \"mine\"}}");
        BidsSession session = new Visit("STU_CMH_0001_01_01")
                .with(4, "RST", "func/bold task=rest", BOLD)
                .events("onset\tduration\n7\t8\n")
                .storedIn(archive)
                .with(came(resource("func/sub-CMH0001_ses-01_task-rest_events.json", description)));

        // When
        SessionPlan plan = write(session);

        // Then
        assertThat(archive.resolve(description.path())).hasContent("{\"onset\": {\"Description\": \"mine\"}}");
        assertThat(errors(raw)).isEmpty();
        assertThat(BidsWriter.reason(plan)).isPresent();
    }

    @Test
    void twoTablesOfEventsForOneRunAreNotBothWritten() throws Exception {
        // Given two tags of the echoes of one run
        BidsSession session = new Visit("STU_CMH_0001_01_01")
                .with(4, "E1", "func/bold task=rest echo=1 run=1", "{'EchoTime': 0.01, 'RepetitionTime': 2.0}")
                .events("onset\tduration\n7\t8\n")
                .with(5, "E2", "func/bold task=rest echo=2 run=1", "{'EchoTime': 0.02, 'RepetitionTime': 2.0}")
                .events("onset\tduration\n1\t2\n")
                .session();

        // When
        SessionPlan plan = BidsPlanner.plan(session, Map.of());

        // Then
        assertThat(plan.raw())
                .filteredOn(file -> file.path().endsWith("_events.tsv"))
                .singleElement()
                .satisfies(file -> assertThat(file.text()).contains("7\t8"));
        assertThat(plan.files())
                .singleElement()
                .satisfies(file -> assertThat(file.reason().code()).isEqualTo("several-events"));
        assertThat(new ObjectMapper()
                        .readTree(BidsPlanner.provenance(plan, "revision", "1.0"))
                        .path("events"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "func/sub-CMH0001_ses-01_task-rest_events.json, true",
        "func/sub-CMH0001_ses-01_task-rest_events.tsv, true",
        "sub-CMH0001_ses-01_events.json, true",
        "func/sub-CMH0001_ses-01_task-other_events.json, false",
        "func/sub-CMH0001_ses-01_task-rest_run-01_events.json, false"
    })
    void whatWouldDescribeEventsOfDatmanIsRefused(String path, boolean refused) {
        // Given two runs, the first with a behavioural file
        BidsSession session = new Visit("STU_CMH_0001_01_01")
                .with(4, "RST", "func/bold task=rest", BOLD)
                .events("onset\tduration\n7\t8\n")
                .with(5, "RST", "func/bold task=rest", BOLD)
                .session()
                .with(came(resource(path, text("{}"))));

        // When
        SessionPlan plan = BidsPlanner.plan(session, Map.of());

        // Then
        assertThat(plan.supplied()).hasSize(refused ? 0 : 1);
        assertThat(plan.refused())
                .hasSize(refused ? 1 : 0)
                .allMatch(why -> why.startsWith(
                        path + " would describe func/sub-CMH0001_ses-01_task-rest_run-01_events, which DATMAN made"));
    }

    @ParameterizedTest
    @CsvSource({
        "func/sub-CMH0001_ses-01_task-rest_bold.json, true",
        "sub-CMH0001_ses-01_task-rest_bold.json, true",
        "sub-CMH0001_ses-01_bold.json, true",
        "func/sub-CMH0001_ses-01_task-rest_run-03_bold.json, false",
        "func/sub-CMH0001_ses-01_task-rest_sbref.json, false",
        "func/sub-CMH0001_ses-01_task-rest_bold.nii.gz, false"
    })
    void aSidecarThatWouldDescribeAnImageOfDatmanIsRefused(String path, boolean refused) throws Exception {
        // Given two runs that DATMAN converted
        BidsSession session = new Visit("STU_CMH_0001_01_01")
                .with(4, "RST", "func/bold task=rest", BOLD)
                .with(5, "RST", "func/bold task=rest", BOLD)
                .session()
                .with(came(resource(path, text("{\"EchoTime\": 7}"))));

        // When
        SessionPlan plan = BidsPlanner.plan(session, Map.of());

        // Then
        assertThat(plan.images()).hasSize(2);
        assertThat(plan.supplied()).hasSize(refused ? 0 : 1);
        assertThat(plan.refused()).hasSize(refused ? 2 : 0).allMatch(why -> why.contains(path + " would describe"));
        assertThat(BidsWriter.reason(plan).map(Reason::code))
                .isEqualTo(refused ? Optional.of("bids-supplied-refused") : Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sub-99/ses-01/anat/sub-99_ses-01_T1w.nii.gz | is not of sub-CMH0001 and ses-01",
                "anat/sub-CMH0001_ses-02_T1w.nii.gz | is not of sub-CMH0001 and ses-01",
                "sub-CMH0001/anat/sub-CMH0001_T1w.nii.gz | is not of sub-CMH0001 and ses-01",
                "task-rest_bold.json | lies above the sessions",
                "anat/../../x.json | A name that no file of BIDS has",
                "anat/.datman.json | A name that no file of BIDS has"
            })
    void whatIsNotOfTheSessionIsRefused(String path, String why) {
        // When
        SuppliedSession came = came(resource(path, text("{}")));

        // Then
        assertThat(came.problems()).singleElement().asString().contains(why);
        assertThat(BidsPlanner.plan(new Visit("STU_CMH_0001_01_01").session().with(came), Map.of())
                        .isEmpty())
                .isTrue();
    }

    @Test
    void aFileThatDidNotArriveHoldsUpTheWholeSession() {
        // When
        SuppliedSession came = came(
                resource("anat/sub-CMH0001_ses-01_T1w.json", text("{}")),
                resource("anat/sub-CMH0001_ses-01_T1w.nii.gz", text("x"))
                        .withFile(Optional.empty())
                        .withOutcome(SeriesExported.Outcome.FAILED)
                        .withReason(Optional.of(Reason.of("incomplete-download", "it broke off"))));

        // Then
        assertThat(came.problems()).singleElement().asString().contains("is not in the archive: it broke off");
    }

    @Test
    void aFileThatIsOlderThanTheOneOnXnatHoldsUpTheWholeSession() {
        // When
        SuppliedSession came = came(resource("anat/sub-CMH0001_ses-01_T1w.json", text("{}"))
                .withRenewal(Optional.of(Reason.of("renewal-failed", "its new one did not arrive"))));

        // Then
        assertThat(came.problems()).singleElement().asString().contains("is of before: its new one did not arrive");
    }

    private SuppliedSession came(ResourceExported... files) {
        return SuppliedSession.of(List.of(files), "sub-CMH0001", "ses-01");
    }

    private static ResourceExported resource(String path, FileRef file) {
        return EventFixtures.of("E1", "STU_CMH_0001_01_01")
                .exportedResource(path)
                .withLabel("BIDS")
                .withFile(Optional.of(file));
    }

    /** A file in the archive. */
    private FileRef text(String content) {
        try {
            return archive.write(
                    FileRole.RESOURCE, "STU/resources/" + DigestUtils.sha256Hex(content), content.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same of an image. */
    private FileRef image() {
        try {
            return new Visit("STU_CMH_0009_01_01")
                    .with(9, "T1", "anat/T1w", "{}")
                    .storedIn(archive)
                    .images()
                    .get(0)
                    .file(FileRole.NIFTI)
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aReplacementThatWasKilledBetweenItsTwoRenamesIsMadeUpFor() throws Exception {
        // Given what is there when the old session was moved away and the new one not yet in its place
        write(new Visit("STU_CMH_0001_01_01").with(3, "T1", "anat/T1w", "{}"));
        Path session = raw.resolve("sub-CMH0001/ses-01");
        Files.writeString(session.resolve("notes.txt"), "of a person");
        Path work = archive.root().resolve("STU/bids/.work");
        Files.move(session, work.resolve("old-rawbids_sub-CMH0001_ses-01"));
        Files.createDirectories(work.resolve("half-built/rawbids"));

        // When
        write(new Visit("STU_CMH_0001_01_01").with(3, "T1", "anat/T1w", "{}").with(5, "T2", "anat/T2w", "{}"));

        // Then
        assertThat(files(session.resolve("anat"))).hasSize(4);
        assertThat(session.resolve("notes.txt")).hasContent("of a person");
        assertThat(work.resolve("old-rawbids_sub-CMH0001_ses-01")).doesNotExist();
        dataset.removeLeft(Instant.now().plusSeconds(60));
        assertThat(work).isEmptyDirectory();
    }

    @Test
    void aSessionThatGoesLeavesAValidDatasetAndTheFilesOfPeople() throws Exception {
        // Given
        write(complete("STU_CMH_0001_01_01"));
        write(complete("STU_UTO_0002_01_01"));
        Files.writeString(raw.resolve("sub-UTO0002/ses-01/notes.txt"), "of a person");
        summaries.removeIf(summary -> summary.subject().equals("sub-UTO0002"));

        // When
        dataset.remove("sub-UTO0002/ses-01");
        dataset.writeTables(summaries);

        // Then
        assertThat(errors(raw)).isEmpty();
        assertThat(raw.resolve("sub-UTO0002")).doesNotExist();
        try (Stream<Path> kept = Files.walk(archive.root().resolve("STU/bids/sourcedata/removed"))) {
            assertThat(kept.filter(Files::isRegularFile).toList())
                    .singleElement()
                    .satisfies(file -> assertThat(file).hasContent("of a person"));
        }
    }

    @Test
    void aFileOfAPersonWhoseNameIsNeededIsMovedAsideAndLinksAndEmptyFoldersStay() throws Exception {
        // Given
        write(new Visit("STU_CMH_0001_01_01").with(3, "T1", "anat/T1w", "{}"));
        Path session = raw.resolve("sub-CMH0001/ses-01");
        Path mine = session.resolve("anat/sub-CMH0001_ses-01_T2w.json");
        Files.writeString(mine, "of a person");
        Files.createSymbolicLink(session.resolve("annexed"), Path.of("../nowhere"));
        Files.createSymbolicLink(session.resolve("folder"), folder);
        Files.createDirectory(session.resolve("empty"));
        Files.writeString(session.resolve("anat/sub-CMH0001_ses-01_T1w.json"), "{\"edited\": true}");

        // When
        write(new Visit("STU_CMH_0001_01_01").with(3, "T1", "anat/T1w", "{}").with(5, "T2", "anat/T2w", "{}"));

        // Then
        assertThat(Files.readSymbolicLink(session.resolve("annexed"))).hasToString("../nowhere");
        assertThat(Files.readSymbolicLink(session.resolve("folder"))).isEqualTo(folder);
        assertThat(session.resolve("empty")).isEmptyDirectory();
        assertThat(Files.readString(mine)).isNotEqualTo("of a person");
        assertThat(aside()).containsExactlyInAnyOrder("of a person", "{\"edited\": true}");
    }

    @Test
    void aFolderThatDatmanDidNotWriteIsRefusedAndNotTouched() throws Exception {
        // Given
        Path theirs = archive.root().resolve("STU/bids/dataset_description.json");
        Files.createDirectories(theirs.getParent());
        Files.writeString(theirs, "of a lab");
        BidsSession session =
                new Visit("STU_CMH_0001_01_01").with(3, "T1", "anat/T1w", "{}").storedIn(archive);

        // When
        var refused = assertThatThrownBy(() -> write(session));

        // Then
        refused.isInstanceOf(DatasetFolder.ForeignDatasetException.class);
        assertThat(files(theirs.getParent())).containsExactly("dataset_description.json");
        assertThat(theirs).hasContent("of a lab");
    }

    @Test
    void anEditedTableIsMovedAsideAndAFilterOfAPersonStays() throws Exception {
        // Given
        write(new Visit("STU_CMH_0001_01_01").with(3, "T1", "anat/T1w", "{}"));
        Files.writeString(raw.resolve("participants.tsv"), "participant_id\tage\n");
        Path filter = raw.resolve("code/passed/sub-mine_filter.json");
        Files.writeString(filter, "{}");

        // When
        write(new Visit("STU_UTO_0002_01_01").with(3, "T1", "anat/T1w", "{}"));

        // Then
        assertThat(aside()).containsExactly("participant_id\tage\n");
        assertThat(Files.readString(raw.resolve("participants.tsv"))).contains("sub-CMH0001", "sub-UTO0002");
        assertThat(filter).hasContent("{}");
    }

    @Test
    void anImageIsReadOnlyAndOneThatSomebodyReplacedIsPutRight() throws Exception {
        // Given
        BidsSession session =
                new Visit("STU_CMH_0001_01_01").with(3, "T1", "anat/T1w", "{}").storedIn(archive);
        write(session);
        Path image = raw.resolve("sub-CMH0001/ses-01/anat/sub-CMH0001_ses-01_T1w.nii.gz");
        String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(image));
        Files.delete(image);
        Files.writeString(image, "defaced");

        // When
        write(session);

        // Then
        assertThat(permissions).doesNotContain("w");
        assertThat(Files.isSameFile(
                        image,
                        archive.resolve(session.images().get(0).files().get(0).path())))
                .isTrue();
        assertThat(aside()).containsExactly("defaced");
    }

    private List<String> aside() throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> kept = Files.walk(archive.root().resolve("STU/bids/sourcedata/removed"))) {
            for (Path file : kept.filter(Files::isRegularFile).toList()) {
                texts.add(Files.readString(file));
            }
        }
        return texts;
    }

    private static Visit complete(String name) {
        return new Visit(name)
                .with(2, "AP", "fmap/epi dir=AP for=RST,DTI", AP)
                .with(3, "PA", "fmap/epi dir=PA for=RST,DTI", PA)
                .with(4, "RST", "func/bold task=rest", BOLD)
                .with(5, "RST", "func/bold task=rest", BOLD)
                .with(6, "DTI", "dwi/dwi acq=b1000+2000", "{'PhaseEncodingDirection': 'j', 'EchoTime': 0.08}")
                .with(7, "MAG1", "fmap/magnitude1 for=RST", "{'EchoTime': 0.00492}")
                .with(7, "MAG2", "fmap/magnitude2 for=RST", "{'EchoTime': 0.00738}")
                .with(8, "PHD", "fmap/phasediff for=RST", "{'EchoTime': 0.00738}")
                .with(9, "T1", "anat/T1w", "{'EchoTime': 0.003, 'RepetitionTime': 2.3}");
    }

    private SessionPlan write(Visit visit) throws Exception {
        return write(visit.storedIn(archive));
    }

    private SessionPlan write(BidsSession session) throws Exception {
        try (DatasetFolder.Prepared prepared = dataset.prepare(session)) {
            BidsSummary summary = BidsSummary.of(prepared.plan());
            summaries.removeIf(other ->
                    other.subject().equals(summary.subject()) && other.session().equals(summary.session()));
            summaries.add(summary);
            dataset.publish(prepared);
            dataset.writeLog(prepared.plan(), "revision");
            dataset.writeTables(summaries);
            return prepared.plan();
        }
    }

    private static List<Finding> errors(Path place) throws IOException {
        return new BidsValidator(place, BidsSchema.bundled(), true)
                .validate().findings().stream()
                        .filter(finding -> finding.severity() == FindingSeverity.ERROR)
                        .toList();
    }

    private static List<String> files(Path place) throws IOException {
        try (Stream<Path> all = Files.list(place)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
