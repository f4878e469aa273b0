package org.datman.pipeline.bids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.study.BidsRule;
import org.datman.pipeline.selection.BidsContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a session to names, sidecars and tables. */
class BidsPlannerTest {

    private static final String BOLD = "{'RepetitionTime': 2.0, 'PhaseEncodingDirection': 'j'}";
    private static final String AP = "{'PhaseEncodingDirection': 'j-', 'TotalReadoutTime': 0.05}";
    private static final String PA = "{'PhaseEncodingDirection': 'j', 'TotalReadoutTime': 0.05}";

    @ParameterizedTest
    @CsvSource({
        "STU_CMH_0001_01_01,  bids,          sub-CMH0001/ses-01",
        "STU_CMH_0001_01_02,  bids,          sub-CMH0001/ses-01r02",
        "STU_CMH_0001_BL_01R, bids,          sub-CMH0001/ses-BLr01R",
        "STU_CMH_PHA_FBN190603, bids-phantoms, sub-CMHPHAFBN190603/ses-01"
    })
    void theFolderFollowsFromTheNameOfTheSession(String name, String dataset, String folder) {
        // Given
        Visit visit = new Visit(name);

        // When
        BidsSession session = visit.session();

        // Then
        assertThat(session.dataset()).isEqualTo(dataset);
        assertThat(session.folder()).isEqualTo(folder);
    }

    @Test
    void entitiesHaveTheOrderOfTheStandardAndRepeatsAreRunsInTheOrderOfAcquisition() {
        // Given
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(12, "RST", "func/bold task=rest acq=mb8+s dir=AP rec=norm", BOLD)
                .with(4, "RST", "func/bold task=rest acq=mb8+s dir=AP rec=norm", BOLD)
                .with(3, "T1", "anat/T1w", "{}");

        // When
        SessionPlan plan = visit.plan();

        // Then
        assertThat(paths(plan))
                .containsExactly(
                        "anat/sub-CMH0001_ses-01_T1w",
                        "func/sub-CMH0001_ses-01_task-rest_acq-mb8+s_rec-norm_dir-AP_run-01_bold",
                        "func/sub-CMH0001_ses-01_task-rest_acq-mb8+s_rec-norm_dir-AP_run-02_bold");
        assertThat(plan.images().get(1).image().scan().text()).isEqualTo("4");
    }

    @Test
    void theTimesOfAcquisitionComeBeforeTheNumbersOfScans() {
        // Given
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(4, "T1", "anat/T1w", "{}")
                .at("2026-11-20T10:30:00")
                .with(1004, "T1", "anat/T1w", "{}")
                .at("2026-11-20T10:05:00");

        // When
        SessionPlan plan = visit.plan();

        // Then
        assertThat(plan.images().get(0).image().scan().text()).isEqualTo("1004");
        assertThat(scans(plan).get(1))
                .startsWith("anat/sub-CMH0001_ses-01_run-01_T1w.nii.gz\t2026-11-20T10:05:00\tPASS");
    }

    @Test
    void imagesOfOneScanGetEchoAndPartOfTheirSidecars() {
        // Given
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(5, "ME", "a", "func/bold task=rest", "{'EchoNumber': 1, 'ImageType': ['ORIGINAL', 'M']}")
                .with(5, "ME", "a-e2", "func/bold task=rest", "{'EchoNumber': 2, 'ImageType': ['ORIGINAL', 'M']}")
                .with(5, "ME", "a-ph", "func/bold task=rest", "{'EchoNumber': 1, 'ImageType': ['ORIGINAL', 'P']}")
                .with(5, "ME", "a-e2-ph", "func/bold task=rest", "{'EchoNumber': 2, 'ImageType': ['ORIGINAL', 'P']}");

        // When
        SessionPlan plan = visit.plan();

        // Then
        assertThat(paths(plan))
                .containsExactlyInAnyOrder(
                        "func/sub-CMH0001_ses-01_task-rest_echo-1_part-mag_bold",
                        "func/sub-CMH0001_ses-01_task-rest_echo-2_part-mag_bold",
                        "func/sub-CMH0001_ses-01_task-rest_echo-1_part-phase_bold",
                        "func/sub-CMH0001_ses-01_task-rest_echo-2_part-phase_bold");
        assertThat(sidecar(plan, "echo-1_part-phase").path("Units").asText()).isEqualTo("arbitrary");
    }

    @Test
    void aBlacklistedRunLeavesTheOthersTheirNumbers() {
        // Given
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(3, "T1", "anat/T1w", "{}")
                .reviewed(Decision.BLACKLISTED)
                .with(7, "T1", "anat/T1w", "{}");

        // When
        SessionPlan plan = visit.plan();

        // Then
        assertThat(paths(plan)).containsExactly("anat/sub-CMH0001_ses-01_run-02_T1w");
        assertThat(plan.leftOut())
                .extracting(left -> left.reason().code(), LeftOut::fault)
                .containsExactly(tuple("blacklisted", false));
    }

    @Test
    void aRepeatedFieldMapCorrectsWhatComesAfterItAndALateOneWhatHasNoneBefore() {
        // Given a run before any field map, a pair, a run, the pair again, a run
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(2, "RST", "func/bold task=rest", BOLD)
                .with(3, "AP", "fmap/epi dir=AP for=RST", AP)
                .with(4, "PA", "fmap/epi dir=PA for=RST", PA)
                .with(5, "RST", "func/bold task=rest", BOLD)
                .with(8, "AP", "fmap/epi dir=AP for=RST", AP)
                .with(9, "PA", "fmap/epi dir=PA for=RST", PA)
                .with(10, "RST", "func/bold task=rest", BOLD);

        // When
        SessionPlan plan = visit.plan();

        // Then
        assertThat(sidecar(plan, "dir-AP_run-01").path("B0FieldIdentifier").asText())
                .isEqualTo("fmap_CMH0001_01_1");
        assertThat(sidecar(plan, "dir-PA_run-02").path("B0FieldIdentifier").asText())
                .isEqualTo("fmap_CMH0001_01_2");
        assertThat(List.of("run-01_bold", "run-02_bold", "run-03_bold"))
                .extracting(run -> sidecar(plan, run).path("B0FieldSource").asText())
                .containsExactly("fmap_CMH0001_01_1", "fmap_CMH0001_01_1", "fmap_CMH0001_01_2");
        assertThat(sidecar(plan, "dir-PA_run-02").path("IntendedFor"))
                .extracting(JsonNode::asText)
                .containsExactly("bids::sub-CMH0001/ses-01/func/sub-CMH0001_ses-01_task-rest_run-03_bold.nii.gz");
    }

    @Test
    void aFieldMapThatWasBlacklistedIsReplacedByTheNextBest() {
        // Given
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(3, "AP", "fmap/epi dir=AP for=RST", AP)
                .with(4, "PA", "fmap/epi dir=PA for=RST", PA)
                .with(5, "AP", "fmap/epi dir=AP for=RST", AP)
                .with(6, "PA", "fmap/epi dir=PA for=RST", PA)
                .reviewed(Decision.BLACKLISTED)
                .with(7, "RST", "func/bold task=rest", BOLD);

        // When
        SessionPlan plan = visit.plan();

        // Then
        assertThat(sidecar(plan, "bold").path("B0FieldSource").asText()).isEqualTo("fmap_CMH0001_01_1");
        assertThat(sidecar(plan, "dir-AP_run-02").has("B0FieldIdentifier")).isFalse();
    }

    @Test
    void aFieldMapAlongTheSameAxisAndWithTheSameShimComesFirst() {
        // Given the nearest pair is along i, the one before has another shim
        String shim = "'ShimSetting': [1, 2, 3]";
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(3, "AP", "fmap/epi dir=AP for=RST", "{'PhaseEncodingDirection': 'j-', " + shim + "}")
                .with(4, "PA", "fmap/epi dir=PA for=RST", "{'PhaseEncodingDirection': 'j', " + shim + "}")
                .with(5, "AP", "fmap/epi dir=AP for=RST", "{'PhaseEncodingDirection': 'j-', 'ShimSetting': [9, 9, 9]}")
                .with(6, "PA", "fmap/epi dir=PA for=RST", "{'PhaseEncodingDirection': 'j', 'ShimSetting': [9, 9, 9]}")
                .with(7, "LR", "fmap/epi dir=LR acq=lr for=RST", "{'PhaseEncodingDirection': 'i', " + shim + "}")
                .with(8, "RL", "fmap/epi dir=RL acq=lr for=RST", "{'PhaseEncodingDirection': 'i-', " + shim + "}")
                .with(9, "RST", "func/bold task=rest", "{'PhaseEncodingDirection': 'j', " + shim + "}");

        // When
        SessionPlan plan = visit.plan();

        // Then
        assertThat(sidecar(plan, "bold").path("B0FieldSource").asText()).isEqualTo("fmap_CMH0001_01_1");
    }

    @Test
    void anImageOfOneDirectionIsAFieldMapTogetherWithTheImagesOfTheOtherDirection() {
        // Given a pair for DTI, and for RST one image of the direction that its first run does not have
        String readout = "'TotalReadoutTime': 0.04";
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(3, "AP", "fmap/epi dir=AP acq=dwi for=DTI", "{'PhaseEncodingDirection': 'j-', " + readout + "}")
                .with(4, "PA", "fmap/epi dir=PA acq=dwi for=DTI", "{'PhaseEncodingDirection': 'j', " + readout + "}")
                .with(5, "DTI", "dwi/dwi", "{'PhaseEncodingDirection': 'j-', " + readout + "}")
                .with(6, "REV", "fmap/epi dir=PA acq=rst for=RST", "{'PhaseEncodingDirection': 'j', " + readout + "}")
                .with(7, "RST", "func/bold task=rest", "{'PhaseEncodingDirection': 'j-', " + readout + "}")
                .with(8, "RST", "func/bold task=rest", "{'PhaseEncodingDirection': 'j', " + readout + "}");

        // When
        SessionPlan plan = visit.plan();

        // Then
        assertThat(List.of("acq-dwi_dir-AP", "acq-dwi_dir-PA", "_dwi", "acq-rst_dir-PA", "run-01_bold", "run-02_bold"))
                .extracting(
                        image -> sidecar(plan, image).path("B0FieldIdentifier").asText("") + " "
                                + sidecar(plan, image).path("B0FieldSource").asText(""))
                .containsExactly(
                        "fmap_CMH0001_01_1 ",
                        "fmap_CMH0001_01_1 ",
                        " fmap_CMH0001_01_1",
                        "fmap_CMH0001_01_2 ",
                        "fmap_CMH0001_01_2 fmap_CMH0001_01_2",
                        " ");
    }

    /** AP and PA are a pair along j for RST; LR and RL one along i. */
    @ParameterizedTest(name = "[{index}] {0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "AP PA       | fits 1 2",
                "PA          | fits 1",
                "AP          | RST_09: AP_01 has the phase encoding of the image only (j-)",
                "LR RL       | RST_09: LR_01, RL_02 has a phase encoding along another axis: i, i-, the image j-",
                "AP PA*      | RST_09: AP_01, PA_02 cannot be used: PA_02 has no TotalReadoutTime or EffectiveEchoSpacing",
                "MAG1        | RST_09: MAG1_01 is not complete: it has magnitude1",
                "AP PA!      | RST_09: AP_01 has the phase encoding of the image only (j-); PA_02 is not in the dataset: It was blacklisted by a person",
                "T2          | RST_09: there is none in its BIDS dataset"
            })
    void ofEachImageItIsKnownWhichFieldMapFitsItOrWhyNone(String maps, String expected) {
        // Given
        String readout = ", 'TotalReadoutTime': 0.04}";
        Map<String, String> direction = Map.of("AP", "j-", "PA", "j", "LR", "i", "RL", "i-");
        Visit visit = new Visit("STU_CMH_0001_01_01");
        int scan = 0;
        for (String map : maps.split(" ")) {
            String tag = map.replaceAll("[*!]", "");
            String encoding = direction.get(tag);
            scan++;
            visit = encoding == null
                    ? visit.with(scan, tag, tag.equals("T2") ? "anat/T2w" : "fmap/magnitude1 for=RST", "{}")
                    : visit.with(
                            scan,
                            tag,
                            "fmap/epi dir=" + tag + " for=RST",
                            "{'PhaseEncodingDirection': '" + encoding + "'" + (map.endsWith("*") ? "}" : readout));
            visit = map.endsWith("!") ? visit.reviewed(Decision.BLACKLISTED) : visit;
        }
        visit = visit.with(9, "RST", "func/bold task=rest", "{'PhaseEncodingDirection': 'j-'" + readout);

        // When
        BidsContent content = visit.plan().content();

        // Then
        Map.Entry<String, BidsContent.FieldMap> found = content.fieldMaps().entrySet().stream()
                .filter(entry -> entry.getKey().contains("_RST_"))
                .findFirst()
                .orElseThrow();
        String text = found.getValue().stems().isEmpty()
                ? "RST_09: " + found.getValue().why()
                : "fits "
                        + found.getValue().stems().stream()
                                .map(stem -> stem.replaceAll(".*_0([0-9])_.*", "$1"))
                                .collect(Collectors.joining(" "));
        assertThat(text.replaceAll("STU_CMH_0001_01_01_([A-Z0-9]+_[0-9]+)_[A-Z0-9]+", "$1"))
                .isEqualTo(expected.strip());
    }

    @Test
    void aPhaseDifferenceAndItsMagnitudesAreOneFieldMapWithBothEchoTimes() {
        // Given
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(3, "MAG1", "fmap/magnitude1 for=RST", "{'EchoTime': 0.00492, 'EchoNumber': 1}")
                .with(3, "MAG2", "fmap/magnitude2 for=RST", "{'EchoTime': 0.00738, 'EchoNumber': 2}")
                .with(4, "PHD", "fmap/phasediff for=RST", "{'EchoTime': 0.00738, 'EchoNumber': 2}")
                .with(5, "RST", "func/bold task=rest", BOLD);

        // When
        SessionPlan plan = visit.plan();

        // Then
        JsonNode difference = sidecar(plan, "phasediff");
        assertThat(difference.path("EchoTime1").asDouble()).isEqualTo(0.00492);
        assertThat(difference.path("EchoTime2").asDouble()).isEqualTo(0.00738);
        assertThat(List.of("magnitude1", "magnitude2", "phasediff"))
                .extracting(
                        each -> sidecar(plan, each).path("B0FieldIdentifier").asText())
                .containsOnly(sidecar(plan, "bold").path("B0FieldSource").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "func/bold task=rest | {} | RepetitionTime | 2.0",
                "func/bold task=rest | {'RepetitionTime': 2000, 'EchoTime': 30} | RepetitionTime | 2.0",
                "func/bold task=rest | {'RepetitionTime': 2000, 'EchoTime': 30} | EchoTime | 0.03",
                "func/bold task=rest | {'RepetitionTime': 2} | TaskName | \"rest\"",
                "func/bold task=rest | {'RepetitionTime': 2, 'SliceTiming': [0, 1500]} | SliceTiming | [0.0,1.5]",
                "func/bold task=rest | {'RepetitionTime': 2, 'SliceTiming': [0, 2.7]} | SliceTiming | ",
                "func/bold task=rest | {'EffectiveEchoSpacing': 0.0005, 'ReconMatrixPE': 101} | TotalReadoutTime | 0.05",
                "fmap/epi dir=AP | {'EstimatedTotalReadoutTime': 0.04} | TotalReadoutTime | 0.04",
                "fmap/epi dir=AP | {'PhaseEncodingAxis': 'j'} | PhaseEncodingDirection | \"j-\"",
                "fmap/epi dir=PA | {'PhaseEncodingAxis': 'j'} | PhaseEncodingDirection | \"j\"",
                "fmap/epi dir=RL | {'PhaseEncodingAxis': 'i'} | PhaseEncodingDirection | \"i-\"",
                "fmap/epi dir=AP | {'PhaseEncodingAxis': 'i'} | PhaseEncodingDirection | ",
                "fmap/epi dir=one | {'PhaseEncodingAxis': 'j'} | PhaseEncodingDirection | ",
                "anat/T1w | {'EffectiveEchoSpacing': 0.0005, 'ReconMatrixPE': 101} | TotalReadoutTime | "
            })
    void aSidecarIsCompletedWhereItFollowsFromWhatIsKnown(String rule, String sidecar, String field, String value) {
        // Given
        Visit visit = new Visit("STU_CMH_0001_01_01").with(3, "X", rule, sidecar);

        // When
        SessionPlan plan = visit.plan();

        // Then
        JsonNode found = plan.images().get(0).image().sidecar().path(field);
        assertThat(found.isMissingNode() ? null : found.toString()).isEqualTo(value);
        assertThat(BidsPlanner.provenance(plan, "rev", "1").contains(field + " is"))
                .isEqualTo(value != null || field.equals("SliceTiming"));
    }

    @Test
    void theScansTableHasWhatQualityControlAndPeopleFound() throws Exception {
        // Given
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(3, "T1", "anat/T1w", "{'FailedChecks': ['RepetitionTime is 2', 'EchoTime is 1']}")
                .verdict(QcComplete.Level.FLAG, "ghosts\tand more", "too noisy")
                .reviewed(Decision.PASS);

        // When
        List<String> table = scans(visit.signedOff().plan());

        // Then
        Map<String, String> row = row(table.get(0), table.get(1));
        assertThat(row)
                .containsEntry("acq_time", "n/a")
                .containsEntry("qc_verdict", "FLAG")
                .containsEntry("qc_reasons", "ghosts and more; too noisy")
                .containsEntry("qc_review", "PASS")
                .containsEntry("qc_failed_checks", "RepetitionTime is 2; EchoTime is 1")
                .containsEntry("qc_signed_off", "yes");
        JsonNode described = EventJson.mapper().readTree(ScansTable.describe());
        assertThat(row.keySet()).filteredOn(column -> column.startsWith("qc_")).allSatisfy(column -> assertThat(
                        described.at("/" + column + "/Description").asText())
                .isNotBlank());
    }

    @Test
    void aFilterLetsNothingThroughThatFailed() {
        // Given a run of two failed in the first session; the same run passed in the second
        BidsSummary first = BidsSummary.of(new Visit("STU_CMH_0001_01_01")
                .with(3, "RST", "func/bold task=rest", BOLD)
                .with(4, "RST", "func/bold task=rest", BOLD)
                .verdict(QcComplete.Level.FLAG)
                .signedOff()
                .plan());
        BidsSummary second = BidsSummary.of(new Visit("STU_CMH_0001_02_01")
                .with(3, "RST", "func/bold task=rest", BOLD)
                .with(4, "RST", "func/bold task=rest", BOLD)
                .signedOff()
                .plan());
        BidsSummary unsigned = BidsSummary.of(
                new Visit("STU_CMH_0001_03_01").with(3, "T1", "anat/T1w", "{}").plan());

        // When
        Optional<JsonNode> alone = PassedFilter.of(List.of(first, unsigned)).map(JsonNode.class::cast);
        Optional<JsonNode> both = PassedFilter.of(List.of(first, second)).map(JsonNode.class::cast);
        Optional<JsonNode> none = PassedFilter.of(List.of(unsigned)).map(JsonNode.class::cast);

        // Then
        assertThat(alone.orElseThrow().path("bold"))
                .isEqualTo(Visit.json(
                        "{'datatype': 'func', 'suffix': 'bold', 'session': ['01'], 'task': ['rest'], 'run': [1]}"));
        assertThat(both.orElseThrow().path("bold"))
                .isEqualTo(Visit.json("{'datatype': 'func', 'suffix': 'bold', 'session': ['02']}"));
        assertThat(none).isEmpty();
    }

    @Test
    void fieldsOfTheStudyFileFillWhatNoHeaderHasAndAnAslSeriesGetsItsContext() {
        // Given
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(3, "M0", "perf/m0scan for=ASL", "{}")
                .with(4, "ASL", "perf/asl", "{'PostLabelingDelay': 1.8, 'LabelingDuration': 1.5}")
                .rule(rule -> new BidsRule(
                        rule.datatype(),
                        rule.suffix(),
                        rule.entities(),
                        rule.intendedFor(),
                        false,
                        List.of("m0scan", "control", "label"),
                        fields("{'M0Type': 'Included', 'PostLabelingDelay': 1.8004, 'LabelingDuration': 1.8}"),
                        null));

        // When
        SessionPlan plan = visit.plan();

        // Then
        PlannedImage asl = plan.images().get(1);
        assertThat(asl.image().sidecar().path("M0Type").asText()).isEqualTo("Included");
        assertThat(asl.image().sidecar().path("TotalAcquiredPairs").asInt()).isEqualTo(1);
        assertThat(asl.image().sidecar().path("LabelingDuration").asDouble()).isEqualTo(1.5);
        assertThat(asl.changes()).contains("M0Type is \"Included\", from Metadata of the study file");
        assertThat(asl.contradictions())
                .singleElement()
                .asString()
                .contains("LabelingDuration is 1.5 in the header and 1.8 in Metadata of tag ASL");
        assertThat(BidsWriter.reason(plan).orElseThrow().code()).isEqualTo("bids-metadata-contradicts");
        assertThat(plan.raw())
                .filteredOn(file -> file.path().equals("perf/sub-CMH0001_ses-01_aslcontext.tsv"))
                .singleElement()
                .satisfies(file -> assertThat(file.text()).isEqualTo("volume_type\nm0scan\ncontrol\nlabel\n"));
        assertThat(sidecar(plan, "m0scan").path("IntendedFor"))
                .extracting(JsonNode::asText)
                .containsExactly("bids::sub-CMH0001/ses-01/perf/sub-CMH0001_ses-01_asl.nii.gz");
    }

    @Test
    void anAslSeriesWithAnotherNumberOfVolumesThanItsContextIsLeftOut() {
        // Given three volumes
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(4, "ASL", "perf/asl", "{}")
                .rule(rule -> new BidsRule(
                        "perf", "asl", Map.of(), List.of(), false, List.of("control", "label"), Map.of(), null));

        // When
        SessionPlan plan = visit.plan();

        // Then
        assertThat(plan.images()).isEmpty();
        assertThat(plan.leftOut())
                .extracting(left -> left.reason().code(), LeftOut::fault)
                .containsExactly(tuple("asl-context-does-not-fit", true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // as named | as written
                "run=01, run=02, run=03 | run-01, run-02, run-03",
                "run=1, run=3 | run-1, run-3",
                "run=01, run=01, run=02 | run-01, run-02, run-03",
                "run=+, run=+ | run-01, run-02",
                "run=+ | run-01",
                "run=05, run=+ | run-05, run-06",
                "acq=a, acq=a, acq=b | acq-a_run-01, acq-a_run-02, acq-b",
            })
    void aRunIsAsItIsNamedOrNumberedInTheOrderOfAcquisition(String named, String written) {
        // Given
        Visit visit = new Visit("STU_CMH_0001_01_01");
        String[] names = named.split(", ");
        for (int i = 0; i < names.length; i++) {
            visit.with(i + 3, "RST", "func/bold task=rest " + names[i], BOLD);
        }

        // When
        SessionPlan plan = visit.plan();

        // Then
        assertThat(paths(plan))
                .containsExactly(Stream.of(written.split(", "))
                        .map(each -> "func/sub-CMH0001_ses-01_task-rest_" + each + "_bold")
                        .toArray(String[]::new));
    }

    @Test
    void aReferenceVolumeHasTheRunOfTheSeriesBeforeIt() {
        // Given
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(3, "RST", "func/bold task=rest run=+", BOLD)
                .with(4, "RST", "func/bold task=rest run=+", BOLD)
                .with(5, "REF", "func/sbref task=rest run==", "{}");

        // When
        SessionPlan plan = visit.plan();

        // Then
        assertThat(paths(plan)).last().isEqualTo("func/sub-CMH0001_ses-01_task-rest_run-02_sbref");
    }

    @Test
    void aDamagedImageKeepsItsPlaceAmongTheRuns() {
        // Given times of acquisition, which the damaged image has lost
        Visit visit = new Visit("STU_CMH_0001_01_01")
                .with(3, "RST", "func/bold task=rest", BOLD)
                .at("2026-11-20T10:05:00")
                .with(5, "RST", "func/bold task=rest", BOLD)
                .damaged()
                .with(7, "RST", "func/bold task=rest", BOLD)
                .at("2026-11-20T10:30:00");

        // When
        SessionPlan plan = visit.plan();

        // Then
        assertThat(paths(plan))
                .containsExactly(
                        "func/sub-CMH0001_ses-01_task-rest_run-01_bold",
                        "func/sub-CMH0001_ses-01_task-rest_run-03_bold");
        assertThat(plan.leftOut()).singleElement().satisfies(left -> assertThat(left.fault())
                .isTrue());
    }

    private static Map<String, JsonNode> fields(String json) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        Visit.json(json).properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        return fields;
    }

    @ParameterizedTest
    @CsvSource({
        "20261120093015.123456, '', '', 2026-11-20T09:30:15",
        "'', 20261120, 093015.5, 2026-11-20T09:30:15",
        "00000000000000, 20261120, 093015, 2026-11-20T09:30:15",
        "'', 20261120, '', "
    })
    void theTimeOfAnImageIsThatOfItsHeader(String both, String date, String time, LocalDateTime expected) {
        // Given
        Map<String, String> header =
                Map.of("AcquisitionDateTime", both, "AcquisitionDate", date, "AcquisitionTime", time);

        // When
        Optional<LocalDateTime> acquired = BidsReader.acquired(header);

        // Then
        assertThat(acquired).isEqualTo(Optional.ofNullable(expected));
    }

    private static List<String> paths(SessionPlan plan) {
        return plan.images().stream().map(image -> image.path().toString()).toList();
    }

    private static JsonNode sidecar(SessionPlan plan, String part) {
        return plan.images().stream()
                .filter(image -> image.path().toString().contains(part))
                .findFirst()
                .orElseThrow()
                .image()
                .sidecar();
    }

    private static List<String> scans(SessionPlan plan) {
        return plan.raw().stream()
                .filter(file -> file.path().endsWith("_scans.tsv"))
                .findFirst()
                .orElseThrow()
                .text()
                .lines()
                .toList();
    }

    private static Map<String, String> row(String header, String line) {
        String[] names = header.split("\t");
        String[] values = line.split("\t");
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            row.put(names[i], values[i]);
        }
        return row;
    }
}
